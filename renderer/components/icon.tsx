import type { VNode } from 'preact';

/** Line drawings on a 24-unit grid; words always stand beside them. */
const PATHS = {
  ready: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M7 12h10',
  wait: 'M7 3h10M7 21h10M8 3v4l4 5-4 5v4M16 3v4l-4 5 4 5v4',
  hand_over: 'M4 12l6 6L20 6',
  do_not_hand_over: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 6l12 12',
  take_goods_back_when_confirmed: 'M7 3h10M7 21h10M8 3v4l4 5-4 5v4M16 3v4l-4 5 4 5v4',
  goods_back: 'M9 7L4 12l5 5M4 12h11a5 5 0 0 1 5 5v2',
  call_shift_lead: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-9 16-9 16 0',
  orders: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  in_doubt: 'M12 3l9.5 17h-19zM12 10v4M12 17v.1',
  terminal: 'M4 4h16v12H4zM9 20h6M12 16v4',
  erase: 'M9 5h11v14H9l-6-7zM12 9l5 6M17 9l-5 6',
  phone: 'M7 2h10v20H7zM11 18h2',
  back: 'M15 5l-7 7 7 7',
  unplugged: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-9 5M12 17v4M3 3l18 18',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
