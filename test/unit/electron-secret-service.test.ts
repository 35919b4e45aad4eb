import { expect, test } from 'vitest';
import { preferSecretService } from '../../main/electron/secret-service.ts';

/** The switches of Chromium as they stand after the choice. */
function switchesAfter(platform: NodeJS.Platform, given: Readonly<Record<string, string>> = {}) {
  const switches = new Map(Object.entries(given));
  preferSecretService(
    {
      hasSwitch: (name) => switches.has(name),
      appendSwitch: (name, value) => void switches.set(name, value),
    },
    platform,
  );
  return Object.fromEntries(switches);
}

test('a Linux session of whatever desktop keeps its key in the Secret Service', () => {
  expect(switchesAfter('linux')).toEqual({ 'password-store': 'gnome-libsecret' });
});

test('a store that was named at the start stays', () => {
  const given = { 'password-store': 'kwallet5' };
  expect(switchesAfter('linux', given)).toEqual(given);
});

test.each(['win32', 'darwin'] as const)('%s has one store and no switch', (platform) => {
  expect(switchesAfter(platform)).toEqual({});
});
