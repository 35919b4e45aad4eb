import { EXIT, type ExitCode } from '../../../shared/errors.ts';
import { systemClock, systemRandom, systemTimers } from '../../shell/clock.ts';
import { startGateway } from '../../training/gateway.ts';
import { interruption, type Context } from '../context.ts';

export interface GatewayOptions {
  readonly port: number;
  readonly file: string;
  /** End when standard input ends, which is when the parent process does. */
  readonly withParent: boolean;
}

/** The practice gateway alone: prints where it listens and what a terminal needs to use it. */
export async function gateway(context: Context, options: GatewayOptions): Promise<ExitCode> {
  const { console } = context;
  const { port, file } = options;
  const interrupted = interruption();
  const started = await startGateway({
    port,
    file,
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
  });
  if (!started.ok) return console.fail(started.error);
  const { url, credentials, close } = started.value;
  const { terminalSn, terminalKey, vendorSn, vendorKey, appId, activationCode } = credentials;
  const settings = {
    protocol: 'upay',
    apiDomain: url,
    terminal: { terminalSn, deviceId: 'practice-counter' },
    vendor: { vendorSn, appId },
  };
  const ready = {
    url,
    port: started.value.port,
    pid: process.pid,
    settings,
    keyFile: { terminalKey },
    activation: { code: activationCode, vendorKeyFile: { vendorKey } },
  };
  console.result(
    ready,
    [
      `The practice gateway listens at ${url} (process ${process.pid}). It moves no real money.`,
      `Settings for a terminal:  ${JSON.stringify(settings)}`,
      `Key file for it:          ${JSON.stringify(ready.keyFile)}`,
      `Activation code:          ${activationCode}, with the key file ${JSON.stringify(ready.activation.vendorKeyFile)}`,
      `Faults: GET ${url}/__faults lists them.`,
    ].join('\n'),
  );
  await Promise.race([interrupted.happened, ...(options.withParent ? [standardInputEnd()] : [])]);
  interrupted.dispose();
  await close();
  return EXIT.done;
}

function standardInputEnd(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
    process.stdin.resume();
  });
}
