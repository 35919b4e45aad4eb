import { promises as disk } from 'node:fs';
import { extname, resolve } from 'node:path';
import type { CustomScheme } from 'electron';
import { securityHeaders } from '../security-headers.ts';
import type { Log } from '../shell/log.ts';
import { APP_SCHEME, ownAddress } from './app-address.ts';
import { fileNamed, isBelow } from './app-path.ts';

// SECURITY: #18 the page comes from a scheme of its own that reaches one folder; file:// reaches every file.
/** For `protocol.registerSchemesAsPrivileged`, once, before the application is ready. */
export const APP_SCHEME_PRIVILEGES: CustomScheme = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};

/** What the page asks for, as far as it matters; `Request` fits. */
export interface AppRequest {
  readonly method: string;
  readonly url: string;
}

export interface AppHandlerOptions {
  /** The built renderer, `dist/renderer`; in the packed application it lies inside the archive. */
  readonly root: string;
  readonly log: Log;
}

// SECURITY: #7 the policy travels with every answer and lets the page connect to nothing.
const HEADERS = securityHeaders("'none'");
/** Vite puts the hash of the content into the name of everything below `assets/`. */
const HASHED_ASSET = { 'cache-control': 'private, max-age=31536000, immutable' };

/** What the build holds. A file of any other kind is not the page's, so nobody has to guess what it is. */
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.woff2', 'font/woff2'],
  ['.json', 'application/json; charset=utf-8'],
]);

/** The answers for `protocol.handle('app', …)`: files of `root` and nothing else. Never rejects. */
export function createAppHandler({
  root,
  log,
}: AppHandlerOptions): (request: AppRequest) => Promise<Response> {
  const folder = resolve(root);
  return async (request) => {
    const { method } = request;
    const url = ownAddress(request.url);
    if (url === null) return refuse(log, 403, method, 'another host');
    if (method !== 'GET' && method !== 'HEAD') return refuse(log, 405, method, 'a method');
    const file = fileNamed(folder, url.pathname);
    const type = file === null ? undefined : CONTENT_TYPES.get(extname(file));
    if (file === null || type === undefined) return refuse(log, 404, method, 'a name');
    const bytes = await contentOf(folder, file);
    if (bytes === null) return refuse(log, 404, method, 'no such file');
    return new Response(method === 'HEAD' ? null : bytes, {
      headers: {
        ...HEADERS,
        ...(url.pathname.startsWith('/assets/') ? HASHED_ASSET : {}),
        'content-type': type,
        'content-length': String(bytes.byteLength),
      },
    });
  };
}

/**
 * The bytes of a file that really lies in the folder, or null: a link may lead out of it. The functions are
 * looked up at each call, because Electron replaces them with ones that read archives.
 */
async function contentOf(folder: string, file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const [realFolder, realFile] = await Promise.all([disk.realpath(folder), disk.realpath(file)]);
    if (!isBelow(realFolder, realFile)) return null;
    if (extname(realFile) !== extname(file) || !(await disk.stat(realFile)).isFile()) return null;
    return new Uint8Array(await disk.readFile(realFile));
  } catch {
    // Missing, a folder on the way, a ring of links, unreadable: the page is told the same.
    return null;
  }
}

/** The address itself stays out of the log: the page may have been made to ask for anything. */
function refuse(log: Log, status: 403 | 404 | 405, method: string, refusal: string): Response {
  log.warn({ status, method: method.slice(0, 16), refusal }, 'The page was refused a file');
  return new Response('Not available', {
    status,
    headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' },
  });
}
