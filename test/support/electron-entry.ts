import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { becomeReady } from './electron-module.ts';

/** Runs the built entry of the kiosk on Node, as Electron would: first the entry to its end, then ready. */

const STAND_IN = new URL('electron-module.ts', import.meta.url).href;
const ENTRY = pathToFileURL(resolve(import.meta.dirname, '../../dist/main/electron.js')).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: STAND_IN, shortCircuit: true } : next(specifier, context),
});

await import(ENTRY);
becomeReady();
