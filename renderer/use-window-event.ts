import { useLayoutEffect } from 'preact/hooks';
import { useLatest } from './use-latest.ts';

/** Hears an event of the whole window while the component is there; `capture` hears it before every element. */
export function useWindowEvent<Type extends keyof WindowEventMap>(
  type: Type,
  onEvent: (event: WindowEventMap[Type]) => void,
  capture = false,
): void {
  const latest = useLatest(onEvent);
  // With the drawing itself: after the painting, an event between the two would be lost.
  useLayoutEffect(() => {
    const hear = (event: WindowEventMap[Type]) => latest.current(event);
    window.addEventListener(type, hear, capture);
    return () => window.removeEventListener(type, hear, capture);
  }, []);
}
