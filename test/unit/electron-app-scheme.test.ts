import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileNamed, isBelow } from '../../main/electron/app-path.ts';
import { APP_SCHEME_PRIVILEGES, createAppHandler } from '../../main/electron/app-scheme.ts';
import { securityHeaders } from '../../main/security-headers.ts';
import { RecordedLog } from '../support/electron-stand-in.ts';

/** Stands in every file that must never be answered with, wherever it lies. */
const SECRET = 'the-secret-of-another-file';
const REFUSAL = 'Not available';

const SERVED: Readonly<Record<string, string>> = {
  'index.html': '<!doctype html>the page',
  'command-cards-en.html': '<!doctype html>the cards',
  'assets/index-BwjouNuw.js': 'export const page = 1;',
  'assets/index-IQebu8V8.css': 'body { margin: 0 }',
  'assets/-_x.svg': '<svg/>',
  'assets/noto.woff2': 'wOF2',
  'assets/logo.png': 'PNG',
  'assets/table.json': '[]',
};

/** In the folder, beside it, or behind a link in it. */
const HIDDEN = [
  'renderer/.env.js',
  'renderer/.git/config.json',
  'renderer/notes.txt',
  'renderer/page.html~',
  'renderer/server.ts',
  'renderer/assets/.hidden.css',
  'renderer-old/index.html',
  'main/redress.js',
  'secret.html',
  'secret.js',
];

let home = '';
let root = '';
const log = new RecordedLog();

beforeAll(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'redress-app-scheme-')));
  root = join(home, 'renderer');
  for (const folder of ['renderer/assets', 'renderer/.git', 'renderer-old', 'main', 'renderer/folder.html'])
    mkdirSync(join(home, folder), { recursive: true });
  for (const [file, content] of Object.entries(SERVED)) writeFileSync(join(root, file), content);
  for (const file of HIDDEN) writeFileSync(join(home, file), SECRET);
  symlinkSync(join(home, 'secret.js'), join(root, 'leak.js'));
  symlinkSync('../secret.html', join(root, 'leak.html'));
  symlinkSync(home, join(root, 'out'), 'dir');
  symlinkSync(join(home, 'renderer-old'), join(root, 'neighbour'), 'dir');
  symlinkSync('ring.js', join(root, 'ring.js'));
  symlinkSync('notes.txt', join(root, 'renamed.html'));
  symlinkSync(root, join(home, 'linked-root'), 'dir');
});

afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

/** The address goes in as it is, so that nothing but our own code cleans it. */
async function ask(url: string, method = 'GET', folder = root): Promise<Answer> {
  const response = await createAppHandler({ root: folder, log })({ url, method });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

function expectSecurityHeaders({ headers }: Answer): void {
  const { 'cache-control': _cache, ...always } = securityHeaders("'none'");
  for (const [name, value] of Object.entries(always)) expect(headers.get(name)).toBe(value);
}

const NOT_FOUND: readonly (readonly [what: string, path: string])[] = [
  ['a step up', '/../secret.html'],
  ['steps up from a folder', '/assets/../../secret.html'],
  ['an encoded step up', '/%2e%2e/secret.html'],
  ['a half encoded step up', '/.%2e/secret.html'],
  ['an encoded slash', '/..%2fsecret.html'],
  ['an encoded slash in a path that would be good', '/assets%2f..%2f..%2fsecret.html'],
  ['a step encoded twice', '/%252e%252e/secret.html'],
  ['a slash encoded twice', '/..%252fsecret.html'],
  ['a step encoded three times', '/%25252e%25252e/secret.html'],
  ['an overlong slash', '/..%c0%afsecret.html'],
  ['a broken encoding', '/%'],
  ['a broken encoding of a letter', '/%zz.html'],
  ['a backslash', '/..\\secret.html'],
  ['an encoded backslash', '/..%5csecret.html'],
  ['encoded backslashes deeper', '/assets%5c..%5c..%5csecret.html'],
  ['a NUL', '/index.html%00'],
  ['a NUL before the ending', '/notes.txt%00.html'],
  ['a line break', '/index.html%0a'],
  ['a drive', '/C:/Windows/win.ini'],
  ['an encoded drive', '/c%3a/secret.html'],
  ['a stream of a file', '/index.html::$DATA'],
  ['an encoded stream', '/index.html%3a%3a$DATA.html'],
  ['another machine', '//server/share/secret.html'],
  ['another machine with backslashes', '/%5c%5cserver%5cshare%5csecret.html'],
  ['a device', '/%5c%5c.%5cpipe%5cname.html'],
  ['an absolute path', '//etc/passwd'],
  ['a doubled slash', '/assets//index-BwjouNuw.js'],
  ['a slash at the end', '/index.html/'],
  ['a dot at the end, which Windows drops', '/index.html.'],
  ['a space at the end, which Windows drops', '/index.html%20'],
  ['a folder', '/assets'],
  ['a folder with a slash', '/assets/'],
  ['a folder that is called like a page', '/folder.html'],
  ['a dot-file', '/.env.js'],
  ['a dot-file with an encoded dot', '/%2eenv.js'],
  ['a file in a dot-folder', '/.git/config.json'],
  ['a dot-file further down', '/assets/.hidden.css'],
  ['a kind of file that the page does not use', '/notes.txt'],
  ['a source', '/server.ts'],
  ['a copy that an editor left', '/page.html~'],
  ['no ending', '/index'],
  ['a link to a file outside', '/leak.js'],
  ['a relative link to a file outside', '/leak.html'],
  ['a linked folder outside', '/out/secret.html'],
  ['a linked folder whose name begins alike', '/neighbour/index.html'],
  ['the same by steps', '/../renderer-old/index.html'],
  ['a ring of links', '/ring.js'],
  ['a link that renames a file', '/renamed.html'],
  ['what is not there', '/missing.html'],
  ['a name of no use', `/${'a'.repeat(300)}.html`],
  ['a file below a file', '/index.html/secret.html'],
  ['a pattern', '/*.html'],
  ['a home', '/~/secret.html'],
];

describe('files of the page', () => {
  test.each(Object.entries(SERVED))('%s comes with its content', async (file, content) => {
    const answer = await ask(`app://kiosk/${file}`);
    expect([answer.status, answer.body]).toEqual([200, content]);
    expectSecurityHeaders(answer);
  });

  test.each([
    ['index.html', 'text/html; charset=utf-8'],
    ['assets/index-BwjouNuw.js', 'text/javascript; charset=utf-8'],
    ['assets/index-IQebu8V8.css', 'text/css; charset=utf-8'],
    ['assets/-_x.svg', 'image/svg+xml'],
    ['assets/noto.woff2', 'font/woff2'],
    ['assets/logo.png', 'image/png'],
    ['assets/table.json', 'application/json; charset=utf-8'],
  ])('%s is sent as %s', async (file, type) => {
    const { headers } = await ask(`app://kiosk/${file}`);
    expect(headers.get('content-type')).toBe(type);
  });

  test('/ is the page, whatever stands behind ? and #', async () => {
    for (const url of ['app://kiosk/', 'app://kiosk/?a=/../x', 'app://kiosk/#/customer'])
      expect((await ask(url)).body).toBe(SERVED['index.html']);
  });

  test('an encoded letter names the same file', async () => {
    expect((await ask('app://kiosk/%69ndex.html')).body).toBe(SERVED['index.html']);
  });

  test('steps that stay inside lead to the file they name', async () => {
    expect((await ask('app://kiosk/assets/../index.html')).body).toBe(SERVED['index.html']);
  });

  test('a folder reached by a link is served like any other', async () => {
    const answer = await ask('app://kiosk/index.html', 'GET', join(home, 'linked-root'));
    expect(answer.body).toBe(SERVED['index.html']);
  });

  test('only what carries a hash in its name may be kept', async () => {
    const asset = await ask('app://kiosk/assets/index-BwjouNuw.js');
    expect(asset.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    for (const url of ['app://kiosk/', 'app://kiosk/command-cards-en.html', 'app://kiosk/assets/missing.js'])
      expect((await ask(url)).headers.get('cache-control')).toBe('no-store');
  });

  test('HEAD brings the same headers and nothing else', async () => {
    const head = await ask('app://kiosk/assets/index-BwjouNuw.js', 'HEAD');
    const get = await ask('app://kiosk/assets/index-BwjouNuw.js');
    expect([head.status, head.body]).toEqual([200, '']);
    expect([...head.headers]).toEqual([...get.headers]);
  });

  test('a real Request is answered', async () => {
    const response = await createAppHandler({ root, log })(new Request('app://kiosk/index.html'));
    expect(await response.text()).toBe(SERVED['index.html']);
  });
});

describe('what is refused', () => {
  test.each(NOT_FOUND)('%s: %s', async (_what, path) => {
    const answer = await ask(`app://kiosk${path}`);
    expect([answer.status, answer.body]).toEqual([404, REFUSAL]);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expectSecurityHeaders(answer);
  });

  test.each([
    'app://other/index.html',
    'app://kiosk:80/index.html',
    'app://kiosk.example/index.html',
    'app://KIOSK/index.html',
    'app://user@kiosk/index.html',
    'app://kiosk@other/index.html',
    'app:///index.html',
    'app:index.html',
    'https://kiosk/index.html',
    'file:///index.html',
    'index.html',
    '',
  ])('another host or scheme: %s', async (url) => {
    const answer = await ask(url);
    expect([answer.status, answer.body]).toEqual([403, REFUSAL]);
    expectSecurityHeaders(answer);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'get', ''])(
    'the method %s',
    async (method) => {
      const answer = await ask('app://kiosk/index.html', method);
      expect([answer.status, answer.body]).toEqual([405, REFUSAL]);
      expectSecurityHeaders(answer);
    },
  );

  test('a folder that is not there gives nothing, and no error', async () => {
    const answer = await ask('app://kiosk/', 'GET', join(home, 'gone'));
    expect([answer.status, answer.body]).toEqual([404, REFUSAL]);
    expectSecurityHeaders(answer);
  });

  test('a refusal is logged without the address', async () => {
    const before = log.lines.length;
    await ask('app://kiosk/285039123456789012.html');
    await ask('app://285039123456789012/');
    const lines = log.lines.slice(before);
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain('285039123456789012');
  });
});

describe('the policy of every answer', () => {
  test('lets nothing run that is not a file of ours, and nothing connect', async () => {
    const { headers } = await ask('app://kiosk/');
    const policy = headers.get('content-security-policy') ?? '';
    const directives = new Map(
      policy.split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources.join(' ')] as const;
      }),
    );
    expect(directives.get('default-src')).toBe("'none'");
    expect(directives.get('script-src')).toBe("'self'");
    expect(directives.get('style-src')).toBe("'self'");
    expect(directives.get('connect-src')).toBe("'none'");
    expect(directives.get('base-uri')).toBe("'none'");
    expect(directives.get('form-action')).toBe("'none'");
    expect(directives.get('frame-ancestors')).toBe("'none'");
    expect(directives.get('require-trusted-types-for')).toBe("'script'");
    expect(directives.get('trusted-types')).toBe("'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:|blob:|nonce|sha\d/);
  });

  test('the scheme is privileged as a secure origin and cannot go past its policy', () => {
    expect(APP_SCHEME_PRIVILEGES).toEqual({
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true },
    });
  });
});

const STEPS =
  '.. . / \\ // %2e %2E%2e %2f %5c %252e %252f %00 % : ? # C: @ %20 ~ ．． %e2%80%ae out neighbour leak.js leak.html';
const NAMES =
  'renderer renderer-old main redress.js secret.html secret.js assets index.html index-BwjouNuw.js .env.js .git config.json notes.txt renamed.html server.ts .hidden.css';
const HOSTILE_PIECES = `${STEPS} ${NAMES}`.split(' ');

const hostilePath = fc
  .array(
    fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...HOSTILE_PIECES) }, fc.string({ maxLength: 6 })),
    {
      maxLength: 9,
    },
  )
  .map((pieces) => pieces.join(''));

describe('whatever is asked for', () => {
  test('no byte of another file is ever answered, and every answer carries the policy', async () => {
    const contents = new Set([...Object.values(SERVED), '']);
    let served = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('app://kiosk/', 'app://kiosk/assets/', 'app://kiosk', 'app:', ''),
        hostilePath,
        fc.constantFrom('GET', 'HEAD'),
        async (start, path, method) => {
          const answer = await ask(start + path, method);
          expectSecurityHeaders(answer);
          expect(answer.body).not.toContain(SECRET);
          if (answer.status === 200) {
            served += 1;
            expect(contents).toContain(answer.body);
          } else expect(answer.body).toBe(REFUSAL);
        },
      ),
      { numRuns: 3000 },
    );
    // Otherwise everything was refused, and the property says nothing.
    expect(served).toBeGreaterThan(20);
  });

  test('a name that is taken for a file lies below the folder before any link is followed', () => {
    fc.assert(
      fc.property(hostilePath, (path) => {
        const file = fileNamed(root, `/${path}`);
        expect(file === null || isBelow(root, file)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('a neighbour whose name begins alike is not below the folder, nor is the folder itself', () => {
    expect(isBelow(root, `${root}-old/index.html`)).toBe(false);
    expect(isBelow(root, root)).toBe(false);
    expect(isBelow(root, join(root, 'index.html'))).toBe(true);
    expect(isBelow('/', '/index.html')).toBe(true);
  });
});
