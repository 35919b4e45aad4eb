import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { packArguments } from '../../.ci/pack.ts';

/** What must never drift in how the kiosk is packed. That it holds of what comes out is `npm run pack:check`. */

interface Target {
  readonly target: string;
  readonly arch: readonly string[];
}

interface Configuration {
  readonly productName: string;
  readonly npmRebuild: boolean;
  readonly buildDependenciesFromSource: boolean;
  readonly asar?: unknown;
  readonly disableAsarIntegrity?: unknown;
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly detectUpdateChannel: boolean;
  readonly publish: Readonly<Record<string, string>>;
  readonly win: { readonly executableName: string; readonly target: readonly Target[] };
  readonly mac: { readonly hardenedRuntime: boolean; readonly target: readonly Target[] };
  readonly linux: { readonly executableName: string; readonly target: readonly Target[] };
  readonly nsis: Readonly<Record<string, unknown>>;
  readonly deb: {
    readonly afterInstall: string;
    readonly afterRemove: string;
    readonly fpm: readonly string[];
  };
}

const TEXT = readFileSync('electron-builder.yml', 'utf8');
const CONFIGURATION = parse(TEXT) as Configuration;
const MANIFEST = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
const INSTALL = 'main/electron/install';
const LINUX_PROGRAM = `/opt/${CONFIGURATION.productName}/${CONFIGURATION.linux.executableName}`;

const installFile = (path: string): string => readFileSync(`${INSTALL}/${path}`, 'utf8');

test('the installed program is the kiosk and nothing else: every fuse is set', () => {
  expect(CONFIGURATION.electronFuses).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
    loadBrowserProcessSpecificV8Snapshot: false,
  });
  expect(TEXT).toMatch(/^# SECURITY: #19 [^\n]+\n(# [^\n]+\n)*electronFuses:$/m);
});

test('one archive with its digest, and the SQLite binary as it was published', () => {
  expect(CONFIGURATION).not.toHaveProperty('asar');
  expect(CONFIGURATION).not.toHaveProperty('disableAsarIntegrity');
  expect(CONFIGURATION.npmRebuild).toBe(false);
  expect(CONFIGURATION.buildDependenciesFromSource).toBe(false);
});

test('every promised system has its installer', () => {
  const targets = (['win', 'mac', 'linux'] as const).flatMap((platform) =>
    CONFIGURATION[platform].target.map(({ target, arch }) => `${platform} ${target} ${arch.join(' ')}`),
  );
  expect(targets).toEqual([
    'win nsis x64',
    'mac dmg x64 arm64',
    'mac zip x64 arm64',
    'linux AppImage x64 arm64',
    'linux deb x64 arm64',
  ]);
  expect(CONFIGURATION.mac.hardenedRuntime).toBe(true);
});

test('Windows installs for the machine, and uninstalling keeps what is owed', () => {
  expect(CONFIGURATION.nsis).toMatchObject({
    perMachine: true,
    allowToChangeInstallationDirectory: false,
    deleteAppDataOnUninstall: false,
  });
});

test('updates come from one channel of an address that a release must name', () => {
  expect(CONFIGURATION.publish).toEqual({
    provider: 'generic',
    url: 'https://updates.redress.invalid/',
    channel: 'latest',
  });
  expect(CONFIGURATION.detectUpdateChannel).toBe(false);
});

test('nothing secret and no certificate is named in the configuration', () => {
  expect(TEXT).not.toMatch(/^\s*(csc\w*|certificate\w*|identity|signtoolOptions|azureSignOptions):/im);
  expect(TEXT).not.toMatch(/^\s*\w*(password|token|secret):|BEGIN [A-Z ]*KEY|\.(p12|pfx|pem)\b/im);
});

test('a build is not a release unless it is asked for, and then only signed and with an address', () => {
  const url = 'https://updates.example/redress/';
  expect(packArguments({}, ['--linux'])).toEqual({ ok: true, value: ['--linux', '--publish', 'never'] });
  expect(packArguments({ REDRESS_RELEASE: '1', REDRESS_UPDATE_URL: url }, [])).toEqual({
    ok: true,
    value: [`-c.publish.url=${url}`, '-c.forceCodeSigning=true', '--publish', 'never'],
  });
  expect(packArguments({ REDRESS_RELEASE: '1' }, []).ok).toBe(false);
  expect(packArguments({ REDRESS_UPDATE_URL: 'http://updates.example/' }, []).ok).toBe(false);
  expect(packArguments({ REDRESS_UPDATE_URL: 'updates.example' }, []).ok).toBe(false);
});

test('only a build for tests can be inspected, and it is never a release', () => {
  const inspectable = packArguments({ REDRESS_INSPECTABLE: '1' }, []);
  expect(inspectable.ok && inspectable.value).toContain(
    '-c.electronFuses.enableNodeCliInspectArguments=true',
  );
  const both = { REDRESS_INSPECTABLE: '1', REDRESS_RELEASE: '1', REDRESS_UPDATE_URL: 'https://a.example/' };
  expect(packArguments(both, []).ok).toBe(false);
});

test('a terminal is given only what it needs to run: what is bundled into the page is not a dependency', () => {
  const bundled = ['preact', '@fontsource-variable/noto-sans-sc'];
  expect(Object.keys(MANIFEST.devDependencies)).toEqual(expect.arrayContaining([...bundled, 'electron']));
  expect(Object.keys(MANIFEST.dependencies)).not.toEqual(expect.arrayContaining(bundled));
  expect(Object.keys(MANIFEST.dependencies)).toContain('better-sqlite3');
});

test('the unit restarts the kiosk for ever', () => {
  const unit = installFile('linux/redress-kiosk.service');
  expect(unit).toMatch(/^Restart=always$/m);
  expect(unit).toMatch(/^StartLimitIntervalSec=0$/m);
  expect(unit).toMatch(/^RestartSec=[1-5]$/m);
  expect(unit).not.toMatch(/^(RestartPreventExitStatus|StartLimitBurst|SuccessExitStatus)=/m);
  // Chromium's set-user-id sandbox could not start.
  expect(unit).not.toMatch(
    /^(NoNewPrivileges|ProtectSystem|PrivateTmp|SystemCallFilter|RestrictNamespaces)=/m,
  );
});

test('Windows restarts it for ever too', () => {
  const shell = installFile('windows/shell-launcher.example.xml');
  expect(shell).toContain(`redress-kiosk\\${CONFIGURATION.win.executableName}.exe`);
  expect(shell).toContain('<DefaultAction Action="RestartShell" />');
  expect(shell).not.toContain('ReturnCodeAction ');
});

test.each(['windows/shell-launcher.example.xml', 'linux/redress-kiosk.service', 'linux/greetd.example.toml'])(
  '%s tells the kiosk that it has a supervisor, so that it does not race it for its own lock',
  (path) => {
    expect(installFile(path)).toContain('redress-kiosk');
    expect(installFile(path)).toContain(' --supervised');
  },
);

test('every file that starts the kiosk on Linux starts the one that is installed', () => {
  const starters = [
    'linux/redress',
    'linux/redress-kiosk.service',
    'linux/autostart.desktop',
    'linux/greetd.example.toml',
  ];
  for (const path of starters) expect(installFile(path), path).toContain(LINUX_PROGRAM);
  expect(installFile('linux/after-install.sh')).toContain(`/opt/${CONFIGURATION.productName}/chrome-sandbox`);
});

test('every file that a deb installs is there, and its scripts survive the macros of electron-builder', () => {
  const { fpm, afterInstall, afterRemove } = CONFIGURATION.deb;
  const sources = fpm.map((mapping) => mapping.split('=')[0] ?? '');
  expect([...sources, afterInstall, afterRemove].filter((path) => !existsSync(path))).toEqual([]);
  expect(sources).toContain(`${INSTALL}/linux/redress`);
  for (const script of [afterInstall, afterRemove]) {
    expect(readFileSync(script, 'utf8'), script).not.toMatch(/\$\{|<%/);
    execFileSync('bash', ['-n', script]);
  }
});

test('the command of an installed terminal passes on what it was given, with or without a screen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redress-command-'));
  const program = join(folder, 'program');
  const command = join(folder, 'redress');
  writeFileSync(program, '#!/bin/sh\nprintf "<%s>" "$@"\n', { mode: 0o755 });
  writeFileSync(command, installFile('linux/redress').replaceAll(LINUX_PROGRAM, program), { mode: 0o755 });
  const run = (screen: Readonly<Record<string, string>>): string => {
    const env = { PATH: process.env['PATH'] ?? '', ...screen };
    return execFileSync(command, ['pay', '--subject', 'two words', ''], { encoding: 'utf8', env });
  };
  const given = '<--cli><pay><--subject><two words><>';
  expect(run({})).toBe(`<--ozone-platform=headless>${given}`);
  expect(run({ DISPLAY: ':0' })).toBe(given);
  expect(run({ WAYLAND_DISPLAY: 'wayland-0' })).toBe(given);
  rmSync(folder, { recursive: true });
});
