import type { Station } from '../hosted-terminal.ts';
import type { Clock, Timers } from '../shell/clock.ts';
import type { Log } from '../shell/log.ts';
import type { PreventableEvent } from './quit.ts';

/** What is used of Electron's `powerSaveBlocker`. */
export interface DisplayBlocker {
  start(type: 'prevent-display-sleep'): number;
  stop(id: number): unknown;
  isStarted(id: number): boolean;
}

/** What is used of Electron's `powerMonitor`. */
export interface PowerEvents {
  on(event: 'suspend', listener: () => void): unknown;
  on(event: 'resume', listener: () => void): unknown;
  on(event: 'unlock-screen', listener: () => void): unknown;
  on(event: 'on-ac', listener: () => void): unknown;
  on(event: 'on-battery', listener: () => void): unknown;
  on(event: 'shutdown', listener: () => void): unknown;
  off(event: 'suspend', listener: () => void): unknown;
  off(event: 'resume', listener: () => void): unknown;
  off(event: 'unlock-screen', listener: () => void): unknown;
  off(event: 'on-ac', listener: () => void): unknown;
  off(event: 'on-battery', listener: () => void): unknown;
  off(event: 'shutdown', listener: () => void): unknown;
}

export interface PowerDependencies {
  readonly blocker: DisplayBlocker;
  readonly monitor: PowerEvents;
  /** Electron's `net`. */
  readonly net: { isOnline(): boolean };
  readonly station: Pick<Station, 'wake'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** Ends the process in order. */
  readonly quit: () => void;
}

const LOOK_MS = 3000;
/** A smaller difference is drift; the terminal's own clock draws the line at the same place. */
const CLOCK_STEP_MS = 2000;

/**
 * Keeps the display awake, has the terminal look at everything when the machine or its network comes back,
 * and ends in order when the machine is switched off. Returns the function that ends all of it.
 */
export function watchPower(dependencies: PowerDependencies): () => void {
  const stops = [
    keepDisplayAwake(dependencies),
    watchNetwork(dependencies),
    watchClock(dependencies),
    watchMachine(dependencies),
  ];
  return () => {
    for (const stop of stops.splice(0)) stop();
  };
}

/** The system may take a blocker away, so it is looked after. */
function keepDisplayAwake({ blocker, timers, log }: PowerDependencies): () => void {
  let id = blocker.start('prevent-display-sleep');
  const stopLooking = every(LOOK_MS, timers, () => {
    if (blocker.isStarted(id)) return;
    log.warn({}, 'The display was allowed to sleep; it is kept awake again');
    id = blocker.start('prevent-display-sleep');
  });
  return () => {
    stopLooking();
    blocker.stop(id);
  };
}

/** No event tells that the network came back. Owed calls need not wait for their next turn then. */
function watchNetwork({ net, station, timers, log }: PowerDependencies): () => void {
  let wasOnline = net.isOnline();
  return every(LOOK_MS, timers, () => {
    const isOnline = net.isOnline();
    if (isOnline === wasOnline) return;
    wasOnline = isOnline;
    log.info({ isOnline }, isOnline ? 'The network came back' : 'The network is gone');
    if (isOnline) station.wake();
  });
}

/** No event tells that somebody set the clock. The terminal would notice at its next call, which may be hours away. */
function watchClock({ clock, station, timers, log }: PowerDependencies): () => void {
  const originMs = (): number => clock.nowMs() - clock.monotonicMs();
  let seenMs = originMs();
  return every(LOOK_MS, timers, () => {
    const steppedMs = Math.round(originMs() - seenMs);
    if (Math.abs(steppedMs) < CLOCK_STEP_MS) return;
    seenMs = originMs();
    log.warn({ steppedMs }, 'The clock was set');
    station.wake();
  });
}

function watchMachine({ monitor, station, log, quit }: PowerDependencies): () => void {
  const onSuspend = (): void => log.info({}, 'The machine goes to sleep');
  const onResume = (): void => {
    log.info({}, 'The machine woke');
    station.wake();
  };
  const onUnlock = (): void => {
    log.info({}, 'The screen was unlocked');
    station.wake();
  };
  const onMains = (): void => log.info({}, 'The machine runs on mains');
  const onBattery = (): void => log.warn({}, 'The machine runs on its battery');
  // Declared without it, yet there is an event; keeping it from happening delays the machine a little.
  const onShutdown = (event?: PreventableEvent): void => {
    log.info({}, 'The machine is switched off');
    event?.preventDefault();
    quit();
  };
  monitor.on('suspend', onSuspend);
  monitor.on('resume', onResume);
  monitor.on('unlock-screen', onUnlock);
  monitor.on('on-ac', onMains);
  monitor.on('on-battery', onBattery);
  monitor.on('shutdown', onShutdown);
  return () => {
    monitor.off('suspend', onSuspend);
    monitor.off('resume', onResume);
    monitor.off('unlock-screen', onUnlock);
    monitor.off('on-ac', onMains);
    monitor.off('on-battery', onBattery);
    monitor.off('shutdown', onShutdown);
  };
}

function every(ms: number, timers: Timers, run: () => void): () => void {
  let cancel: () => void = () => undefined;
  const arm = (): void => {
    cancel = timers.after(ms, () => {
      run();
      arm();
    });
  };
  arm();
  return () => cancel();
}
