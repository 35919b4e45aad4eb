import {
  app,
  BrowserWindow,
  crashReporter,
  ipcMain,
  Menu,
  net,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  utilityProcess,
} from 'electron';
import { resolve } from 'node:path';
import electronUpdater from 'electron-updater';
import { EXIT } from '../../shared/errors.ts';
import { run } from '../cli/program.ts';
import { createStation } from '../create-station.ts';
import { systemClock, systemRandom, systemTimers } from '../shell/clock.ts';
import { openHostLog } from '../shell/host-log.ts';
import { defaultDataDirectory, machine } from '../shell/machine.ts';
import { systemToken } from '../shell/token.ts';
import { commandLineArguments, dataDirectoryIn, runCommandLine } from './command-line.ts';
import { startKiosk } from './kiosk.ts';
import { forkedGateway } from './practice-gateway.ts';
import { preferSecretService } from './secret-service.ts';
import { systemVaultOpener } from './system-vault.ts';

/**
 * The entry of the packaged program, and the one file of main that takes Electron's objects themselves: it
 * hands them to the kiosk, or with `--cli` to the command line. Nothing is awaited here: Electron is ready only
 * when this module has run to its end, and would wait for it for ever.
 */

const distDirectory = import.meta.dirname;
const commandLine = commandLineArguments(process.argv);
// Electron takes absolute paths only.
const directory = resolve(dataDirectoryIn(commandLine ?? []) ?? defaultDataDirectory(process.env));

// What is made here is its owner's alone, also in a folder that is not.
process.umask(0o077);
preferSecretService(app.commandLine, process.platform);

if (commandLine === null) {
  startKiosk(
    {
      app,
      createWindow: (options) => new BrowserWindow(options),
      crashReporter,
      ipcMain,
      Menu,
      net,
      powerMonitor,
      powerSaveBlocker,
      protocol,
      safeStorage,
      screen,
      session: () => session.defaultSession,
      utilityProcess,
      // Its getter looks about in the package, so it is asked only where updates are on.
      updater: () => electronUpdater.autoUpdater,
    },
    {
      directory,
      distDirectory,
      environment: process.env,
      argv: process.argv,
      platform: process.platform,
      version: machine.version,
      process,
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      newToken: systemToken,
      openLog: (at) => openHostLog(at, process.env['REDRESS_LOG'] ?? 'info', process.stderr),
      createStation,
    },
  ).catch(endWithBug);
} else {
  runCommandLine({
    app,
    directory,
    argv: commandLine,
    run,
    host: {
      distDirectory,
      launchGateway: forkedGateway(utilityProcess, `${distDirectory}/redress.js`),
      openVault: systemVaultOpener({
        safeStorage,
        platform: process.platform,
        isProduction: app.isPackaged,
        newKey: systemToken,
      }),
    },
    flush: () => new Promise((flushed) => process.stdout.write('', () => flushed())),
  }).catch(endWithBug);
}

/**
 * Left alone, a program that failed before its window would hold the lock and show nothing. Once crashes are
 * watched, it ends as every bug does: as a rejection that nobody handles.
 */
function endWithBug(error: unknown): never {
  if (process.listenerCount('unhandledRejection') === 0) {
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${told}\n`);
    app.exit(EXIT.bug);
  }
  throw error;
}
