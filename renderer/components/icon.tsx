import type { VNode } from 'preact';

/** Line drawings on a 24-unit grid; words always stand beside them. */
const PATHS = {
  ready:
    'M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M7 12h10',
  wait: 'M7 3h10M7 21h10M8 3v4l4 5-4 5v4M16 3v4l-4 5 4 5v4',
  hand_over: 'M4 12.5l5.5 5.5L20 6.5',
  do_not_hand_over: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.7 5.7l12.6 12.6',
  take_goods_back_when_confirmed: 'M7 3h10M7 21h10M8 3v4l4 5-4 5v4M16 3v4l-4 5 4 5v4',
  goods_back: 'M9 7L4 12l5 5M4 12h11a5 5 0 0 1 5 5v2',
  call_shift_lead: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-4.4 3.6-7 8-7s8 2.6 8 7',
  orders: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  in_doubt: 'M12 3l9.5 17h-19zM12 10v4M12 17.2v.1',
  terminal: 'M4 4h16v12H4zM9 20h6M12 16v4',
  erase: 'M9 5h11v14H9l-6-7zM12 9.5l5 5M17 9.5l-5 5',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5',
  phone: 'M8 2h8a1 1 0 0 1 1 1v18a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zM11 18.5h2',
  back: 'M15 5l-7 7 7 7',
  unplugged: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-9 5.2M12 17v4M3 3l18 18',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
