import { useEffect, useState } from 'preact/hooks';

const TICK_MS = 250;

/** This page's clock, ticking only while something counts down. */
export function useNow(isTicking: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (!isTicking) return undefined;
    setNowMs(Date.now());
    const timer = window.setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => window.clearInterval(timer);
  }, [isTicking]);
  return nowMs;
}
