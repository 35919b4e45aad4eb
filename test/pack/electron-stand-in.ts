import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';

/**
 * A folder shaped like Electron's runtime, which cannot be fetched everywhere, with the one thing in it that packing
 * changes: the wire of fuses. electron-builder takes it for the real one, so its own filters, archive, integrity and
 * fuse flipping run; nothing of it can be started.
 */

export const PLATFORMS = ['linux', 'win', 'mac'] as const;
export type PackedPlatform = (typeof PLATFORMS)[number];

/** What `@electron/fuses` searches a binary for, then the wire's version, its length, and each fuse as shipped. */
const FUSE_WIRE = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  // As in a release: Node, its options, its debugger and the privileges of files are on, all protections off.
  Buffer.from('101100011'),
]);

/** Writes the stand-in for one platform below `directory`. */
export function writeElectronStandIn(directory: string, platform: PackedPlatform, version: string): void {
  const write = (path: string, content: string | Buffer): void => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  write('version', version);
  write('LICENSE', 'The licence of Electron\n');
  write('LICENSES.chromium.html', '<p>The licences of Chromium</p>\n');
  if (platform === 'mac') {
    writeApplication(write);
    return;
  }
  write('locales/en-US.pak', '');
  const executable = platform === 'win' ? 'electron.exe' : 'electron';
  write(executable, platform === 'win' ? portableExecutable() : FUSE_WIRE);
  chmodSync(join(directory, executable), 0o755);
  if (platform === 'linux') write('chrome-sandbox', '');
}

function writeApplication(write: (path: string, content: string | Buffer) => void): void {
  const contents = 'Electron.app/Contents';
  const helper = `${contents}/Frameworks/Electron Helper.app/Contents`;
  write(`${contents}/Info.plist`, propertyList('Electron'));
  write(`${contents}/MacOS/Electron`, '');
  write(`${contents}/Frameworks/Electron Framework.framework/Electron Framework`, FUSE_WIRE);
  write(`${contents}/Resources/electron.icns`, '');
  write(`${helper}/Info.plist`, propertyList('Electron Helper'));
  write(`${helper}/MacOS/Electron Helper`, '');
}

function propertyList(executable: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n' +
    `<plist version="1.0"><dict><key>CFBundleExecutable</key><string>${executable}</string></dict></plist>\n`
  );
}

/** Windows' integrity and version are resources of the executable; as one of them the wire survives each rewrite. */
function portableExecutable(): Buffer {
  const language = { lang: 1033, codepage: 1200 };
  const executable = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(executable, true);
  const version = Resource.VersionInfo.createEmpty();
  version.setStringValues(language, { ProductName: 'Electron' });
  version.outputToResourceEntries(resources.entries);
  const bin = FUSE_WIRE.buffer.slice(FUSE_WIRE.byteOffset, FUSE_WIRE.byteOffset + FUSE_WIRE.byteLength);
  resources.entries.push({ type: 10, id: 1, lang: language.lang, codepage: language.codepage, bin });
  resources.outputResource(executable);
  return Buffer.from(executable.generate());
}
