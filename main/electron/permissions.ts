import type { Log } from '../shell/log.ts';

/** What the rule needs of a session; Electron's `Session` fits. */
export interface PermissionSession {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (isGranted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void;
  setDevicePermissionHandler(handler: (details: unknown) => boolean): void;
  setDisplayMediaRequestHandler(handler: (request: unknown, callback: (streams: null) => void) => void): void;
}

/**
 * The page uses no camera, no device and no notification, so it is granted nothing. The check is denied as
 * well as the request: without it many interfaces never ask.
 */
export function denyPermissions(session: PermissionSession, log: Log): void {
  // SECURITY: #5 every permission is denied, whoever asks.
  session.setPermissionRequestHandler((_contents, permission, callback) => {
    log.warn({ permission }, 'A permission was denied');
    callback(false);
  });
  // SECURITY: #5 a permission that would be granted without a request is denied too.
  session.setPermissionCheckHandler(() => false);
  // SECURITY: #5 a device that was once chosen is not opened again.
  session.setDevicePermissionHandler(() => false);
  // SECURITY: #5 the screen, which may show an order, is nobody's film.
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
}
