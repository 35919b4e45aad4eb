import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { electronEnvironment, userObstacle, windowObstacle } from '../../main/electron-runtime.ts';

const TILL_USER = 1000;
const ROOT_USER = 0;

describe('a window', () => {
  test.each([
    ['an X display', { DISPLAY: ':0' }],
    ['a Wayland display', { WAYLAND_DISPLAY: 'wayland-0' }],
    ['a Wayland display beside an X display without a name', { DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' }],
  ])('can be opened on Linux where there is %s', (_name, environment) => {
    expect(windowObstacle({ platform: 'linux', environment, userId: TILL_USER })).toBeNull();
  });

  test.each([{}, { DISPLAY: '' }, { DISPLAY: '', WAYLAND_DISPLAY: '' }])(
    'cannot be opened on Linux without a display: %o',
    (environment) => {
      const obstacle = windowObstacle({ platform: 'linux', environment, userId: TILL_USER });
      expect(obstacle).toBe('There is no display for Electron.');
    },
  );

  test('is never opened as root on Linux, where it would need to do without its sandbox', () => {
    const obstacle = windowObstacle({
      platform: 'linux',
      environment: { DISPLAY: ':0' },
      userId: ROOT_USER,
    });
    expect(obstacle).toContain('root');
    expect(obstacle).toBe(userObstacle({ platform: 'linux', userId: ROOT_USER }));
  });

  test.each([
    ['darwin', ROOT_USER],
    ['win32', null],
  ] as const)('needs none of it on %s', (platform, userId) => {
    expect(windowObstacle({ platform, environment: {}, userId })).toBeNull();
  });
});

test('an editor that makes Electron a Node has no say in how it is started', () => {
  const environment = { ELECTRON_RUN_AS_NODE: '1', PATH: '/usr/bin', REDRESS_DATA: '/data', LANG: undefined };
  expect(electronEnvironment(environment)).toEqual({ PATH: '/usr/bin', REDRESS_DATA: '/data' });
});

test('the suite for a real Electron says in one line that it was not run, and nothing that looks like a success', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/electron/run.ts'], {
    encoding: 'utf8',
    env: { PATH: '' },
  });
  expect([status, stdout]).toEqual([0, '']);
  expect(stderr).toMatch(/^The Electron suite was not run\. [^\n]+\n$/);
  expect(stderr).not.toMatch(/pass|✓/i);
});
