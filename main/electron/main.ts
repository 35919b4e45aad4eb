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
import electronUpdater from 'electron-updater';
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
 * hands them to the kiosk, or with `--cli` to the command line.
 */

const distDirectory = import.meta.dirname;
const commandLine = commandLineArguments(process.argv);
const directory = dataDirectoryIn(commandLine ?? []) ?? defaultDataDirectory(process.env);

preferSecretService(app.commandLine, process.platform);

if (commandLine === null) {
  await startKiosk(
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
  );
} else {
  await runCommandLine({
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
    flush: () => new Promise((resolve) => process.stdout.write('', () => resolve())),
  });
}
