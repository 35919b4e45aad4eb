import { useEffect, useState } from 'preact/hooks';
import type { FunctionComponent } from 'preact';

/** Its component, null while its script is on its way, `missing` where it could not be had. */
export type LoadedScreen = FunctionComponent | 'missing' | null;

/**
 * The Terminal screen and its words, which come in a script of their own once the first screen is painted.
 * No screen that has to do with money waits for it.
 */
export function useTerminalScreen(): LoadedScreen {
  const [screen, setScreen] = useState<LoadedScreen>(null);
  useEffect(() => {
    // A function as a state would be called for the next state.
    const keep = (loaded: LoadedScreen) => setScreen(() => loaded);
    requestIdleCallback(() => {
      import('./screens/terminal-screen.tsx').then(
        ({ TerminalScreen }) => keep(TerminalScreen),
        () => keep('missing'),
      );
    });
  }, []);
  return screen;
}
