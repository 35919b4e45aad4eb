import { describe, expect, test } from 'vitest';
import { KioskWindows, type KioskDisplay, type ScreenHandle } from '../../main/electron/windows.ts';
import { StandInDisplays, StandInWindow } from '../support/electron-life-stand-in.ts';
import { FakeTime } from '../support/fake-clock.ts';
import { NOON } from '../support/fake-ledger.ts';

const display = (id: number, x: number, width = 1920): KioskDisplay => ({
  id,
  bounds: { x, y: 0, width, height: 1080 },
});
const COUNTER = display(1, 0);
const CUSTOMER = display(2, 1920, 1280);
const THIRD = display(3, 3200);
const WEB_PREFERENCES = { sandbox: true };

function opened({
  isProduction = true,
  displays: all = [COUNTER] as readonly KioskDisplay[],
  isFound = true,
} = {}) {
  const time = new FakeTime(NOON);
  const displays = new StandInDisplays(...all);
  const made: StandInWindow[] = [];
  const handles: ScreenHandle<StandInWindow>[] = [];
  const urlsAtOpen: (readonly string[])[] = [];
  const windows = new KioskWindows({
    createWindow: (options) => {
      const window = new StandInWindow(made.length + 10, options);
      window.isFound = isFound;
      made.push(window);
      return window;
    },
    displays,
    timers: time,
    webPreferences: WEB_PREFERENCES,
    isProduction,
    onOpen: (handle) => {
      handles.push(handle);
      urlsAtOpen.push([...handle.window.urls]);
    },
  });
  windows.openCashier('till');
  const nth = (index: number): StandInWindow => {
    const window = made[index];
    if (window === undefined) throw new Error(`there is no window ${index}`);
    return window;
  };
  const handle = (index: number): ScreenHandle<StandInWindow> => {
    const found = handles[index];
    if (found === undefined) throw new Error(`there is no handle ${index}`);
    return found;
  };
  return { time, displays, windows, made, nth, handle, urlsAtOpen };
}

describe('the cashier’s window', () => {
  test('fills the primary display in production, without frame or menu', () => {
    expect(opened().nth(0).options).toMatchObject({
      kiosk: true,
      frame: false,
      autoHideMenuBar: true,
      show: false,
      backgroundColor: '#f1f3f0',
      webPreferences: WEB_PREFERENCES,
      ...COUNTER.bounds,
    });
  });

  test('is an ordinary one in development', () => {
    const { options } = opened({ isProduction: false }).nth(0);
    expect(options).toMatchObject({ kiosk: false, frame: true, width: 1280, height: 800 });
    expect(options).not.toHaveProperty('x');
  });

  test('is handed to its guards before its first page', () => {
    const { urlsAtOpen, nth } = opened();
    expect([urlsAtOpen, nth(0).urls]).toEqual([[[]], ['app://kiosk/']]);
  });

  test('is shown when its page is drawn', () => {
    const { nth } = opened();
    expect(nth(0).deeds).toEqual([]);
    nth(0).emit('ready-to-show');
    expect(nth(0).deeds).toEqual(['show']);
  });

  test('is shown a while later where its page is never drawn', async () => {
    const { nth, time } = opened();
    await time.advance(5000);
    expect(nth(0).deeds).toEqual(['show']);
  });

  test('survives a page that does not load', async () => {
    const { nth, time } = opened({ isFound: false });
    await time.advance(0);
    expect(nth(0).isDestroyed()).toBe(false);
  });

  test('changes between the till and the service page, and loads neither twice', () => {
    const { windows, nth } = opened();
    windows.showPage('till');
    windows.showPage('service');
    windows.showPage('service');
    windows.showPage('till');
    expect(nth(0).urls).toEqual(['app://kiosk/', 'app://kiosk/service.html', 'app://kiosk/']);
  });

  test('says that it stopped until it is loaded again, whatever page is wanted meanwhile', () => {
    const { windows, nth, handle } = opened();
    handle(0).showStopped();
    expect(nth(0).url).toBe('app://kiosk/stopped.html');
    windows.showPage('service');
    expect(nth(0).url).toBe('app://kiosk/stopped.html');
    handle(0).reload();
    expect(nth(0).url).toBe('app://kiosk/service.html');
  });

  test('comes to the front for a second start of the program', () => {
    const { windows, nth, made } = opened();
    nth(0).deeds.push('minimize');
    windows.focusCashier();
    expect(nth(0).deeds).toEqual(['minimize', 'restore', 'show', 'focus']);
    expect(made).toHaveLength(1);
  });

  test('is opened anew for a second start where it is gone, with the page it should have', () => {
    const { windows, nth } = opened({ isProduction: false });
    windows.showPage('service');
    nth(0).destroy();
    windows.focusCashier();
    expect(nth(1).url).toBe('app://kiosk/service.html');
  });

  test('follows its display when that changes, and asks only once', () => {
    const { displays, nth } = opened();
    const smaller = display(1, 0, 1024);
    displays.become('display-metrics-changed', smaller);
    expect(nth(0).deeds).toEqual(['no kiosk', 'move to 0,0 1024×1080', 'kiosk']);
    nth(0).isPutTo({ x: 0, y: 0, width: 1024, height: 1040 });
    displays.become('display-metrics-changed', smaller);
    expect(nth(0).deeds).toHaveLength(3);
  });
});

describe('the customer’s window', () => {
  test('fills the second display, with its own page', () => {
    const { nth, made } = opened({ displays: [COUNTER, CUSTOMER] });
    expect(made).toHaveLength(2);
    expect(nth(1).options).toMatchObject({ kiosk: true, frame: false, ...CUSTOMER.bounds });
    expect(nth(1).urls).toEqual(['app://kiosk/#/customer']);
  });

  test('leaves the keyboard, and so the scanner, to the cashier', () => {
    const { nth } = opened({ displays: [COUNTER, CUSTOMER] });
    nth(1).emit('ready-to-show');
    expect([nth(1).deeds, nth(0).deeds]).toEqual([['show'], ['focus']]);
  });

  test('gives the keyboard, and so the next scan, back to the cashier when it is touched', () => {
    const { nth } = opened({ displays: [COUNTER, CUSTOMER] });
    nth(1).emit('focus');
    expect([nth(0).deeds, nth(1).deeds]).toEqual([['focus'], []]);
  });

  test('may be clicked into in development, where it is looked at', () => {
    const { windows, nth } = opened({ isProduction: false });
    windows.openCustomer();
    nth(1).emit('focus');
    expect(nth(0).deeds).toEqual([]);
  });

  test('begins its page anew when the terminal halted, and not while its page is given up', () => {
    const { windows, nth, handle } = opened({ displays: [COUNTER, CUSTOMER] });
    windows.refreshCustomer();
    expect([nth(1).webContents.reloads, nth(0).webContents.reloads]).toEqual([1, 0]);
    handle(1).showStopped();
    windows.refreshCustomer();
    expect([nth(1).webContents.reloads, nth(1).url]).toEqual([1, 'about:blank']);
    expect(() => opened().windows.refreshCustomer()).not.toThrow();
  });

  test('is not there with one display, nor on one that mirrors the cashier’s', () => {
    expect(opened().made).toHaveLength(1);
    expect(opened({ displays: [COUNTER, display(2, 0)] }).made).toHaveLength(1);
  });

  test('comes and goes with its display', () => {
    const { displays, windows, nth, made } = opened();
    displays.become('display-added', COUNTER, CUSTOMER);
    expect(made).toHaveLength(2);
    displays.become('display-removed', COUNTER);
    expect([nth(1).isDestroyed(), nth(0).isDestroyed()]).toEqual([true, false]);
    expect(windows.roleOf(nth(1).webContents.id)).toBeNull();
    displays.become('display-added', COUNTER, CUSTOMER);
    expect(nth(2).url).toBe('app://kiosk/#/customer');
  });

  test('moves with its display', () => {
    const { displays, nth } = opened({ displays: [COUNTER, CUSTOMER] });
    displays.become('display-metrics-changed', COUNTER, display(2, 1920, 1024));
    expect(nth(1).deeds).toEqual(['no kiosk', 'move to 1920,0 1024×1080', 'kiosk']);
  });

  test('stays on its display when a third one is there, and moves there when its own is gone', () => {
    const { displays, nth, made } = opened({ displays: [COUNTER, CUSTOMER] });
    displays.become('display-added', COUNTER, THIRD, CUSTOMER);
    expect(nth(1).deeds).toEqual([]);
    nth(1).isPutTo(COUNTER.bounds);
    displays.become('display-removed', COUNTER, THIRD);
    expect(nth(1).deeds).toEqual(['no kiosk', 'move to 3200,0 1920×1080', 'kiosk']);
    expect(made).toHaveLength(2);
  });

  test('shows nothing, rather than what the cashier is told, when it stopped', () => {
    const { nth, handle } = opened({ displays: [COUNTER, CUSTOMER] });
    handle(1).showStopped();
    expect(nth(1).url).toBe('about:blank');
    handle(1).reload();
    expect(nth(1).url).toBe('app://kiosk/#/customer');
  });

  test('comes only when asked for in development, and once', () => {
    const { displays, windows, nth, made } = opened({
      isProduction: false,
      displays: [COUNTER, CUSTOMER],
    });
    displays.become('display-added', COUNTER, CUSTOMER, THIRD);
    expect(made).toHaveLength(1);
    windows.openCustomer();
    windows.openCustomer();
    expect(made).toHaveLength(2);
    expect([nth(1).url, nth(1).deeds]).toEqual(['app://kiosk/#/customer', ['focus']]);
  });

  test('is opened by asking for it in production too, where there is a display', () => {
    const { displays, windows, nth, made } = opened();
    windows.openCustomer();
    expect(made).toHaveLength(1);
    displays.all = [COUNTER, CUSTOMER];
    windows.openCustomer();
    expect(nth(1).url).toBe('app://kiosk/#/customer');
  });
});

describe('the registry', () => {
  test('knows whose web contents are whose, and no others', () => {
    const { windows } = opened({ displays: [COUNTER, CUSTOMER] });
    expect([10, 11, 12].map((id) => windows.roleOf(id))).toEqual(['cashier', 'customer', null]);
  });

  test('forgets a window that is gone', () => {
    const { windows, nth } = opened();
    nth(0).destroy();
    expect(windows.roleOf(10)).toBeNull();
  });
});

test('stopping closes every window, and follows no display any more', () => {
  const { windows, displays, made, time } = opened({ displays: [COUNTER, CUSTOMER] });
  windows.stop();
  windows.stop();
  displays.become('display-added', COUNTER, CUSTOMER, THIRD);
  expect(made.map((window) => window.isDestroyed())).toEqual([true, true]);
  expect([displays.listenerCount(), time.pending()]).toEqual([0, []]);
});
