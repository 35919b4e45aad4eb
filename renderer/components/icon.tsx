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
