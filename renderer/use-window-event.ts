import { useEffect } from 'preact/hooks';
import { useLatest } from './use-latest.ts';

/** Hears an event of the whole window while the component is there; `capture` hears it before every element. */
export function useWindowEvent<Type extends keyof WindowEventMap>(
  type: Type,
  onEvent: (event: WindowEventMap[Type]) => void,
  capture = false,
): void {
  const latest = useLatest(onEvent);
  useEffect(() => {
    const hear = (event: WindowEventMap[Type]) => latest.current(event);
    window.addEventListener(type, hear, capture);
    return () => window.removeEventListener(type, hear, capture);
  }, []);
}
