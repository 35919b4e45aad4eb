import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ScreenRecovery, watchChildProcesses } from '../../main/electron/crash-recovery.ts';
import viteConfig from '../../renderer/vite.config.ts';
import { StandInApp, StandInContents, StandInLog } from '../support/electron-life-stand-in.ts';
import { FakeTime } from '../support/fake-clock.ts';
import { NOON } from '../support/fake-ledger.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CRASHED = { reason: 'crashed', exitCode: 139 };

function watched() {
  const time = new FakeTime(NOON);
  const contents = new StandInContents(1);
  const log = new StandInLog();
  const story: string[] = [];
  /** Whether the page comes up when it is loaded again. */
  const page = { isGood: true };
  const recovery = new ScreenRecovery({
    contents,
    screen: {
      role: 'cashier',
      reload: () => {
        story.push(`${time.monotonicMs()} reload`);
        if (page.isGood) contents.emit('did-finish-load');
      },
      showStopped: () => {
        story.push(`${time.monotonicMs()} stopped`);
        contents.emit('did-finish-load');
      },
    },
    clock: time,
    timers: time,
    log,
  });
  const crash = (): void => contents.emit('render-process-gone', {}, CRASHED);
  const crashAndWait = async (times: number, waitMs: number): Promise<void> => {
    for (let count = 0; count < times; count += 1) {
      crash();
      await time.advance(waitMs);
    }
  };
  return { time, contents, log, story, page, recovery, crash, crashAndWait };
}

describe('a screen', () => {
  test('whose process is gone is loaded again, and its reason is logged', async () => {
    const { crash, time, story, log } = watched();
    crash();
    await time.advance(MINUTE_MS);
    expect(story).toEqual(['500 reload']);
    expect(log.lines[0]).toBe(
      'error A screen failed {"role":"cashier","cause":"render-process-gone","reason":"crashed","exitCode":139}',
    );
  });

  test('that ended by itself is left alone', async () => {
    const { contents, time, story } = watched();
    contents.emit('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    await time.advance(HOUR_MS);
    expect(story).toEqual([]);
  });

  test('that does not load is loaded again', async () => {
    const { contents, time, story } = watched();
    contents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'app://kiosk/', true);
    await time.advance(MINUTE_MS);
    expect(story).toEqual(['500 reload']);
  });

  test.each([
    ['a load that another one replaced', -3, true],
    ['a frame inside it', -6, false],
  ])('does not mind %s', async (_name, code, isMainFrame) => {
    const { contents, time, story } = watched();
    contents.emit('did-fail-load', {}, code, 'ERR', 'app://kiosk/', isMainFrame);
    await time.advance(MINUTE_MS);
    expect(story).toEqual([]);
  });

  test('without its bridge is loaded again, and the words of the error are not logged', async () => {
    const { contents, time, story, log } = watched();
    contents.emit('preload-error', {}, 'preload.cjs', new TypeError('286604123456789012 is not a code'));
    await time.advance(MINUTE_MS);
    expect(story).toEqual(['500 reload']);
    expect(log.text()).toContain('TypeError');
    expect(log.text()).toContain('electron-crash-recovery.test.ts');
    expect(log.text()).not.toContain('286604123456789012');
  });

  test('that hangs is ended and loaded again', async () => {
    const { contents, time, story } = watched();
    contents.emit('unresponsive');
    await time.advance(9999);
    expect([contents.crashes, story]).toEqual([0, []]);
    await time.advance(501);
    expect([contents.crashes, story]).toEqual([1, ['10500 reload']]);
    await time.advance(MINUTE_MS);
    expect([contents.crashes, story]).toEqual([1, ['10500 reload']]);
  });

  test('that hangs only for a moment is left alone', async () => {
    const { contents, time, story } = watched();
    contents.emit('unresponsive');
    contents.emit('unresponsive');
    await time.advance(5000);
    contents.emit('responsive');
    await time.advance(MINUTE_MS);
    expect([contents.crashes, story]).toEqual([0, []]);
  });

  test('is loaded once, and no later, for a failure that tells itself several times', async () => {
    const { contents, crash, time, story, recovery } = watched();
    crash();
    await time.advance(400);
    contents.emit('did-fail-load', {}, -2, 'ERR_FAILED', 'app://kiosk/', true);
    recovery.drawingLost();
    await time.advance(MINUTE_MS);
    expect(story).toEqual(['500 reload']);
  });

  test('of which nothing is heard after it was loaded is ended and loaded once more', async () => {
    const { contents, crash, time, story, page } = watched();
    page.isGood = false;
    crash();
    await time.advance(500);
    page.isGood = true;
    await time.advance(MINUTE_MS);
    expect([story, contents.crashes]).toEqual([['500 reload', '32500 reload'], 1]);
  });

  test('is loaded again when the process that draws is gone', async () => {
    const { recovery, time, story } = watched();
    recovery.drawingLost();
    await time.advance(MINUTE_MS);
    expect(story).toEqual(['500 reload']);
  });
});

describe('the budget', () => {
  test('is three reloads in a minute, each after a longer wait; then the screen says that it stopped', async () => {
    const { crashAndWait, story, log } = watched();
    await crashAndWait(4, 10_000);
    expect(story).toEqual(['500 reload', '12000 reload', '28000 reload', '30500 stopped']);
    expect(log.text()).toContain('screen_stopped');
  });

  test('comes back after a quiet time, and the page is tried again', async () => {
    const { crashAndWait, crash, time, story } = watched();
    await crashAndWait(4, 10_000);
    story.length = 0;
    await time.advance(5 * MINUTE_MS);
    expect(story).toEqual(['330500 reload']);
    crash();
    await time.advance(10_000);
    expect(story).toEqual(['330500 reload', expect.stringMatching(/ reload$/)]);
  });

  test('is not touched by a stopped page that fails as well', async () => {
    const { crashAndWait, contents, crash, time, story } = watched();
    await crashAndWait(4, 10_000);
    story.length = 0;
    crash();
    contents.emit('unresponsive');
    contents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'app://kiosk/stopped.html', true);
    await time.advance(4 * MINUTE_MS);
    expect([story, contents.crashes]).toEqual([[], 0]);
    await time.advance(MINUTE_MS);
    expect(story).toHaveLength(1);
  });

  test('is ten reloads in any hour, for a page that fails for ever', async () => {
    const { contents, time, story, page } = watched();
    page.isGood = false;
    const reloadsMs = (): readonly number[] =>
      story.filter((line) => line.endsWith('reload')).map((line) => Number.parseInt(line, 10));
    contents.emit('render-process-gone', {}, CRASHED);
    for (let passedMs = 0; passedMs < 6 * HOUR_MS; passedMs += 1000) {
      await time.advance(1000);
      contents.emit('render-process-gone', {}, CRASHED);
    }
    const all = reloadsMs();
    expect(all.length).toBeGreaterThan(40);
    for (const fromMs of all) {
      const within = (lengthMs: number) => all.filter((ms) => ms >= fromMs && ms < fromMs + lengthMs).length;
      expect(within(MINUTE_MS)).toBeLessThanOrEqual(3);
      expect(within(HOUR_MS)).toBeLessThanOrEqual(10);
    }
  });

  test('is not used up by a page that fails once in a long while', async () => {
    const { crashAndWait, story } = watched();
    await crashAndWait(100, 10 * MINUTE_MS);
    expect(story).toHaveLength(100);
    expect(story.every((line) => line.endsWith('reload'))).toBe(true);
  });
});

describe('the end of a window', () => {
  test('ends its recovery, whatever was under way', async () => {
    const { contents, crash, time, story } = watched();
    contents.emit('unresponsive');
    crash();
    contents.emit('destroyed');
    await time.advance(HOUR_MS);
    expect([story, contents.listenerCount(), time.pending()]).toEqual([[], 0, []]);
  });

  test('is heard twice without harm, and nothing after it counts', () => {
    const { recovery, time } = watched();
    recovery.stop();
    recovery.stop();
    recovery.drawingLost();
    expect(time.pending()).toEqual([]);
  });
});

describe('a child process that is gone', () => {
  function childGone(details: object) {
    const app = new StandInApp();
    const log = new StandInLog();
    let lost = 0;
    const stop = watchChildProcesses(app, log, () => {
      lost += 1;
    });
    app.emit('child-process-gone', {}, details);
    stop();
    app.emit('child-process-gone', {}, details);
    return { lost, lines: log.lines };
  }

  test.each(['crashed', 'killed', 'oom', 'launch-failed'])(
    'and drew the windows has them loaded again when it was %s',
    (reason) => {
      const { lost, lines } = childGone({ type: 'GPU', reason, exitCode: 5 });
      expect(lost).toBe(1);
      expect(lines).toEqual([
        `error A child process is gone {"type":"GPU","reason":"${reason}","exitCode":5}`,
      ]);
    },
  );

  test('and did anything else is only logged', () => {
    const { lost, lines } = childGone({ type: 'Utility', reason: 'crashed', exitCode: 5, name: 'Audio' });
    expect([lost, lines.length]).toEqual([0, 1]);
  });

  test('because it was done is nothing', () => {
    expect(childGone({ type: 'GPU', reason: 'clean-exit', exitCode: 0 })).toEqual({ lost: 0, lines: [] });
  });
});

describe('the stopped page', () => {
  const page = readFileSync('renderer/stopped.html', 'utf8');

  test('is built, and needs no script and no style that the policy would refuse', () => {
    expect(viteConfig.build?.rolldownOptions?.input).toContain('stopped.html');
    expect(page).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:|https?:/i);
    expect([...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link)).toEqual([
      './icon.svg',
      './styles/stopped.css',
    ]);
  });

  test.each([
    ['zh-CN', ['画面已停止', '不要再次收款', '订单', '重新启动', 'IT']],
    ['en', ['screen stopped', 'Charge nobody again', 'Orders', 'Restart this machine', 'IT']],
  ])('says in %s what goes on, what not to do, and what to do', (language, words) => {
    const section = new RegExp(`<section lang="${language}"[^>]*>(.*?)</section>`, 's').exec(page)?.[1] ?? '';
    for (const word of [...words, 'screen_stopped']) expect(section).toContain(word);
  });
});
