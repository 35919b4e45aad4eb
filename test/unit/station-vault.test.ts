import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TerminalStation } from '../../main/station.ts';
import { failure } from '../../shared/errors.ts';
import { err } from '../../shared/result.ts';
import { RecordedLog } from '../support/electron-stand-in.ts';
import { FakeTime } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/fake-ledger.ts';

/** A set-up terminal behind a key store that waits for a person who is not there. */
function behindSilentKeyStore() {
  const directory = join(temporaryFolder(), 'data');
  mkdirSync(directory);
  writeFileSync(join(directory, 'settings.json'), '{}');
  const vendorKeyFile = join(directory, 'vendor-key.json');
  writeFileSync(vendorKeyFile, JSON.stringify({ vendorKey: 'only-for-this-test' }));
  const time = new FakeTime(1_763_600_000_000);
  let asked = 0;
  const station = new TerminalStation({
    directory,
    log: new RecordedLog(),
    timers: time,
    version: '0.0.0',
    openVault: () => {
      asked += 1;
      return new Promise(() => undefined);
    },
    checkWorkerFile: '',
    launchGateway: () => {
      throw new Error('it does not practise');
    },
    provisioningFiles: [],
    suggest: () => ({ deviceId: 'd', deviceName: 'n', timeZone: 'Asia/Shanghai' }),
    testConnection: () => Promise.resolve(err(failure('stopping'))),
    writeDiagnostics: () => Promise.resolve(err(failure('stopping'))),
  });
  return { station, time, vendorKeyFile, asked: () => asked };
}

test('a key store that never answers halts the terminal with its reason, and is asked again', async () => {
  const { station, time, asked } = behindSilentKeyStore();
  const started = station.start();
  await time.advance(20_000);
  expect(await started).toMatchObject({ ok: false, error: { code: 'secrets_unprotected' } });
  expect(station.problem).toMatchObject({ code: 'secrets_unprotected' });
  await time.advance(2000);
  expect(asked()).toBe(2);
});

test('a set-up that meets it is answered, and the next one is not told that it is still under way', async () => {
  const { station, time, vendorKeyFile } = behindSilentKeyStore();
  const args = {
    protocol: 'upay',
    apiDomain: 'https://acquirer.example',
    vendorSn: 'V1',
    appId: 'A1',
    vendorKeyFile,
    activationCode: '1',
    deviceId: 'till-1',
    timeZone: 'Asia/Shanghai',
  };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const answered = station.call('setup.apply', args, { kind: 'operator', name: 'Ada' });
    await time.advance(20_000);
    expect(await answered).toMatchObject({ ok: false, error: { code: 'secrets_unprotected' } });
  }
  await station.stop(0);
});

test('stopping does not wait for it for ever', async () => {
  const { station, time } = behindSilentKeyStore();
  void station.start();
  const stopped = station.stop(0);
  await time.advance(20_000);
  await stopped;
  expect(await station.start()).toMatchObject({ ok: false, error: { code: 'stopping' } });
  expect(time.pending()).toEqual([]);
});
