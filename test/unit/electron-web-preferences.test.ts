import { describe, expect, test } from 'vitest';
import { webPreferences } from '../../main/electron/web-preferences.ts';

const IN_PRODUCTION = {
  preload: '/opt/redress/preload.cjs',
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  contextIsolation: true,
  sandbox: true,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  plugins: false,
  enableWebSQL: false,
  enableDeprecatedPaste: false,
  disableDialogs: true,
  safeDialogs: true,
  spellcheck: false,
  backgroundThrottling: false,
  devTools: false,
};

describe('the preferences of every window', () => {
  test('are spelled out, and there is no other', () => {
    expect(webPreferences({ preload: '/opt/redress/preload.cjs', isProduction: true })).toEqual(
      IN_PRODUCTION,
    );
  });

  test('differ for a developer by devtools alone', () => {
    expect(webPreferences({ preload: '/opt/redress/preload.cjs', isProduction: false })).toEqual({
      ...IN_PRODUCTION,
      devTools: true,
    });
  });
});
