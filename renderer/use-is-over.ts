import { useEffect, useState } from 'preact/hooks';

/** Whether an instant of this page's clock is over, null being never; draws once more when it comes. */
export function useIsOver(atMs: number | null): boolean {
  const [, setDrawings] = useState(0);
  const leftMs = atMs === null ? null : atMs - Date.now();
  useEffect(() => {
    if (leftMs === null || leftMs <= 0) return undefined;
    const timer = window.setTimeout(() => setDrawings((count) => count + 1), leftMs);
    return () => window.clearTimeout(timer);
  });
  return leftMs !== null && leftMs <= 0;
}
