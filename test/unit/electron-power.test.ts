import { describe, expect, test } from 'vitest';
import { watchPower } from '../../main/electron/power.ts';
import {
  StandInBlocker,
  StandInEvent,
  StandInLog,
  StandInPower,
  StandInStation,
} from '../support/electron-life-stand-in.ts';
import { FakeTime } from '../support/fake-clock.ts';
import { NOON } from '../support/fake-ledger.ts';

function watching({ isOnline = true } = {}) {
  const time = new FakeTime(NOON);
  const blocker = new StandInBlocker();
  const monitor = new StandInPower();
  const station = new StandInStation();
  const log = new StandInLog();
  const network = { is: isOnline };
  let quits = 0;
  const stop = watchPower({
    blocker,
    monitor,
    net: { isOnline: () => network.is },
    station,
    clock: time,
    timers: time,
    log,
    quit: () => {
      quits += 1;
    },
  });
  return { time, blocker, monitor, station, log, network, stop, quits: () => quits };
}

describe('the display', () => {
  test('is kept awake from the start, by one blocker', async () => {
    const { blocker, time } = watching();
    await time.advance(3_600_000);
    expect([...blocker.started]).toEqual([1]);
  });

  test('is kept awake again within seconds where the system let go of it', async () => {
    const { blocker, time } = watching();
    blocker.started.clear();
    await time.advance(5000);
    expect([...blocker.started]).toEqual([2]);
  });

  test('may sleep after the watch has ended', () => {
    const { blocker, stop } = watching();
    stop();
    stop();
    expect([...blocker.started]).toEqual([]);
  });
});

describe('a clock that somebody set', () => {
  test.each([60_000, -60_000])('by %i ms is seen by the terminal within seconds, once', async (deltaMs) => {
    const { station, time } = watching();
    await time.advance(60_000);
    expect(station.wakes).toBe(0);
    time.stepWallClock(deltaMs);
    await time.advance(60_000);
    expect(station.wakes).toBe(1);
  });

  test('by less than drift is nobody’s business', async () => {
    const { station, time } = watching();
    time.stepWallClock(1500);
    await time.advance(60_000);
    expect(station.wakes).toBe(0);
  });
});

describe('the terminal', () => {
  test('looks at everything within seconds of the network’s return, once', async () => {
    const { station, network, time } = watching();
    network.is = false;
    await time.advance(60_000);
    expect(station.wakes).toBe(0);
    network.is = true;
    await time.advance(5000);
    expect(station.wakes).toBe(1);
    await time.advance(60_000);
    expect(station.wakes).toBe(1);
  });

  test('looks when the network comes for the first time', async () => {
    const { station, network, time } = watching({ isOnline: false });
    network.is = true;
    await time.advance(5000);
    expect(station.wakes).toBe(1);
  });

  test.each(['resume', 'unlock-screen'])('looks at everything at once after %s', (event) => {
    const { monitor, station } = watching();
    monitor.emit(event);
    expect(station.wakes).toBe(1);
  });

  test.each(['suspend', 'on-ac', 'on-battery'])('only notes %s', (event) => {
    const { monitor, station, log, quits } = watching();
    monitor.emit(event);
    expect([station.wakes, quits(), log.lines.length]).toEqual([0, 0, 1]);
  });
});

describe('a machine that is switched off', () => {
  test('ends the program in order, and is asked to wait for it', () => {
    const { monitor, quits } = watching();
    const event = new StandInEvent();
    monitor.emit('shutdown', event);
    expect([quits(), event.isPrevented]).toEqual([1, true]);
  });

  test('ends the program also where the event carries nothing', () => {
    const { monitor, quits } = watching();
    monitor.emit('shutdown');
    expect(quits()).toBe(1);
  });
});

test('nothing is watched after the end', () => {
  const { monitor, time, stop } = watching();
  stop();
  expect([monitor.listenerCount(), time.pending()]).toEqual([0, []]);
});
