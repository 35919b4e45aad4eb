import { app, BrowserWindow, session } from 'electron';
import { messageOf } from '../../shared/errors.ts';
import { spawnedGateway } from '../practice.ts';
import { serve, type Served } from '../serve.ts';
import { createLog } from '../shell/log.ts';
import { openPlainVault } from '../settings/vault.ts';
import { defaultDataDirectory } from '../shell/machine.ts';

/**
 * The kiosk window. It shows the page of the browser host, which runs in this process; the terminal
 * below is the same one, wired by the same composition root.
 */
async function main(): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  await app.whenReady();
  const log = createLog(process.env['REDRESS_LOG'] ?? 'info', process.stderr);
  const served = await serve({
    directory: defaultDataDirectory(process.env),
    port: 0,
    operator: 'cashier',
    log,
    distDirectory: import.meta.dirname,
    launchGateway: spawnedGateway([process.execPath, `${import.meta.dirname}/redress.js`], process.env),
    openVault: openPlainVault,
    environment: process.env,
  });
  if (!served.ok) {
    log.error({ code: served.error.code }, messageOf(served.error));
    app.exit(1);
    return;
  }
  openWindow(served.value);
  stopInOrder(served.value);
}

function openWindow({ host }: Served): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  const window = new BrowserWindow({
    kiosk: app.isPackaged,
    autoHideMenuBar: true,
    width: 1280,
    height: 800,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  const origin = new URL(host.url).origin;
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', (event) => {
    if (new URL(event.url).origin !== origin) event.preventDefault();
  });
  void window.loadURL(host.url);
}

/** The window may close at once; the process ends when what is in flight is answered or the bound is over. */
function stopInOrder(served: Served): void {
  app.on('window-all-closed', () => void served.stop().then(() => app.exit(0)));
}

await main();
