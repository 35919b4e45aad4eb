import { EXIT, type ExitCode, type Failure } from '../../../shared/errors.ts';
import { ok, type Result } from '../../../shared/result.ts';
import { makeDirectory } from '../../settings/files.ts';
import { systemClock, systemRandom, systemTimers } from '../../shell/clock.ts';
import { startGateway, type Gateway } from '../../training/gateway.ts';
import { interruption, type Context } from '../context.ts';
import { rsaConfigs, upayConfig, writeConfigs } from './gateway-config.ts';

export interface GatewayOptions {
  readonly port: number;
  readonly file: string;
  /** End when standard input ends, which is when the parent process does. */
  readonly withParent: boolean;
  /** Hand out nothing for the protocols with RSA keys, so that none need be made. */
  readonly upayOnly: boolean;
  /** Where to write the settings and the key file of every protocol; null for nowhere. */
  readonly configDirectory: string | null;
}

/** The practice gateway alone: prints where it listens and what a terminal needs to use it. */
export async function gateway(context: Context, options: GatewayOptions): Promise<ExitCode> {
  const { console } = context;
  const { port, file, configDirectory } = options;
  // Before the gateway opens its file, which may be kept in there too.
  const made = configDirectory === null ? ok(undefined) : makeDirectory(configDirectory);
  if (!made.ok) return console.fail(made.error);
  const interrupted = interruption();
  const started = await startGateway({
    port,
    file,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
  });
  if (!started.ok) return console.fail(started.error);
  const announced = await announce(context, started.value, options);
  if (!announced.ok) {
    interrupted.dispose();
    await started.value.close();
    return console.fail(announced.error);
  }
  await Promise.race([interrupted.happened, ...(options.withParent ? [standardInputEnd()] : [])]);
  interrupted.dispose();
  await started.value.close();
  return EXIT.done;
}

async function announce(
  { console }: Context,
  running: Gateway,
  { upayOnly, configDirectory }: GatewayOptions,
): Promise<Result<void, Failure>> {
  if (configDirectory !== null) {
    const written = await writeConfigs(configDirectory, running);
    if (!written.ok) return written;
  }
  // Keys are made for whom they are printed: the lines for a person do not hold them.
  const rsa = console.isJson && !upayOnly ? await rsaConfigs(running) : ok(null);
  if (!rsa.ok) return rsa;
  const { url, port, credentials } = running;
  const ready = {
    url,
    port,
    pid: process.pid,
    ...upayConfig(running),
    activation: { code: credentials.activationCode, vendorKeyFile: { vendorKey: credentials.vendorKey } },
    ...(rsa.value === null ? {} : { protocols: rsa.value }),
  };
  console.result(ready, lines(ready, configDirectory).join('\n'));
  return ok(undefined);
}

function lines(
  ready: {
    readonly url: string;
    readonly pid: number;
    readonly settings: object;
    readonly keyFile: object;
    readonly activation: { readonly code: string; readonly vendorKeyFile: object };
  },
  configDirectory: string | null,
): readonly string[] {
  const { url, pid, activation } = ready;
  return [
    `The practice gateway listens at ${url} (process ${pid}). It moves no real money.`,
    `Settings for a terminal:  ${JSON.stringify(ready.settings)}`,
    `Key file for it:          ${JSON.stringify(ready.keyFile)}`,
    `Activation code:          ${activation.code}, with the key file ${JSON.stringify(activation.vendorKeyFile)}`,
    configDirectory === null
      ? 'Alipay+, mini-program:    redress gateway --write-config DIR writes settings and keys for all three protocols.'
      : `Alipay+, mini-program:    settings-PROTOCOL.json and key-PROTOCOL.json are in ${configDirectory}.`,
    `Faults: GET ${url}/__faults lists them.`,
  ];
}

function standardInputEnd(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    process.stdin.resume();
  });
}
