import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { EXIT, failure, type ExitCode } from '../../shared/errors.ts';
import { DEFAULT_POLICY } from '../../shared/order/policy.ts';
import { openPlainVault, type OpenVault } from '../settings/vault.ts';
import { defaultDataDirectory, machine } from '../shell/machine.ts';
import { spawnedGateway, type LaunchGateway } from '../practice.ts';
import { provisioningFiles } from '../provisioning.ts';
import { diagnostics } from './commands/diagnostics.ts';
import { journalExport, journalVerify } from './commands/journal.ts';
import { orders, show } from './commands/orders.ts';
import { pay } from './commands/pay.ts';
import { refund, revoke, type GiveBackOptions } from './commands/give-back.ts';
import { activate, checkin, init, provision } from './commands/setup.ts';
import { work } from './commands/work.ts';
import { Console } from './console.ts';
import { createContextLog, type Context } from './context.ts';

/** What runs the command line: Node, or the kiosk's own program. */
export interface CommandLineHost {
  /** Where the build put the entries of main. */
  readonly distDirectory: string;
  readonly launchGateway: LaunchGateway;
  readonly openVault: OpenVault;
}

/** The command line as Node runs it. */
export function nodeHost(distDirectory: string): CommandLineHost {
  const command = [process.execPath, join(distDirectory, 'redress.js')] as const;
  const launchGateway = spawnedGateway([...command], process.env);
  return { distDirectory, launchGateway, openVault: openPlainVault };
}

/**
 * The command line (DESIGN section 7). Returns the exit code; nothing here ends the process.
 */
export async function run(argv: readonly string[], host: CommandLineHost): Promise<ExitCode> {
  const console = new Console(argv.includes('--json'));
  let exit: ExitCode = EXIT.done;
  const program = createProgram(console, host, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return onCommanderError(error, console);
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${stack}\n`);
    return console.fail(failure('bug', error instanceof Error ? error.name : undefined));
  }
}

/** Help and version are results; everything else commander throws is a usage error. */
function onCommanderError(error: CommanderError, console: Console): ExitCode {
  if (error.exitCode === 0) return EXIT.done;
  if (error.code === 'commander.help') {
    return console.isJson ? console.fail(failure('usage', 'a command is missing')) : EXIT.usage;
  }
  // A payment code typed in the wrong place must not be repeated.
  const message = error.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replaceAll(/=[^']*|[A-Za-z0-9]{16,}/g, '…');
  return console.fail(failure('usage', message));
}

function createProgram(
  console: Console,
  { distDirectory, launchGateway, openVault }: CommandLineHost,
  setExit: (code: ExitCode) => void,
): Command {
  const program = new Command('redress')
    .description('Counter payments whose reversals survive crashes and are proved.')
    .version(machine.version)
    .option(
      '--data <dir>',
      "the terminal's data directory (default: $REDRESS_DATA, else the platform's)",
      nonEmpty,
    )
    .option('--json', 'print exactly one JSON document on stdout')
    .showHelpAfterError(false)
    .helpCommand(true)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .addHelpText('after', HELP);

  const context = (): Context => {
    const { data } = program.opts<{ data?: string }>();
    const directory = resolve(data ?? defaultDataDirectory(process.env));
    return { directory, console, log: createContextLog(process.env), openVault };
  };
  const operator = () =>
    new Option('--operator <name>', 'who does this').default(userName(), 'your user name');

  program
    .command('init')
    .description('validate settings and store them, with the key where there is one')
    .requiredOption('--config <file>', 'settings as JSON')
    .option(
      '--key-file <file>',
      'JSON such as { "terminalKey": "…" } or { "privateKey": "…", "publicKey": "…" }',
    )
    .addHelpText('after', INIT_HELP)
    .action(async (options: { config: string; keyFile?: string }) => setExit(await init(context(), options)));

  program
    .command('activate')
    .description("obtain the terminal's number and key, once")
    .requiredOption('--code <code>', "the store's activation code")
    .requiredOption('--key-file <file>', 'JSON such as { "vendorKey": "…" }')
    .option('--name <name>', 'a name for this counter')
    .option('--replace', 'give up the number and key this terminal has', false)
    .action(async (options: { code: string; keyFile: string; name?: string; replace: boolean }) => {
      setExit(await activate(context(), options));
    });

  program
    .command('provision')
    .description('set up and activate from one file, as an unattended start does by itself')
    .requiredOption('--file <file>', 'a provisioning file')
    .addHelpText('after', PROVISION_HELP)
    .action(async (options: { file: string }) => setExit(await provision(context(), options)));

  program
    .command('checkin')
    .description("rotate the terminal's key now (it happens by itself once a day)")
    .action(async () => setExit(await checkin(context())));

  program
    .command('pay')
    .description('collect one payment and wait for its outcome')
    .requiredOption('--amount <amount>', 'for example 12.34')
    .requiredOption('--code <code>', "the customer's wallet code, as scanned")
    .option('--sale <id>', 'your reference; a sale is charged at most once')
    .option('--subject <text>', "what the payer's wallet shows")
    .addOption(operator())
    .option('--override', 'charge although an earlier order of the sale is undecided', false)
    .option('--wait <seconds>', 'how long to wait for the outcome', seconds, 120)
    .addHelpText(
      'after',
      '\nExit: 0 paid, 10 not charged, 20 still owed (kept on disk), 30 attention, 64 bad input, 69 refused.',
    )
    .action(async (options: Parameters<typeof pay>[1]) => setExit(await pay(context(), options)));

  program
    .command('revoke')
    .description("give a paid order of today its money back, by our number or the acquirer's")
    .argument('<number>', 'clientSn or sn')
    .option('--reason <text>', 'why', '')
    .addOption(operator())
    .option('--wait <seconds>', 'how long to wait for the proof', seconds, 120)
    .addHelpText(
      'after',
      '\nExit: 0 revoked and proved, 20 still owed (kept on disk), 30 attention, 64 not allowed, 69 refused.',
    )
    .action(async (number: string, options: GiveBackOptions) =>
      setExit(await revoke(context(), number, options)),
    );

  program
    .command('refund')
    .description(
      'give the money back where no cancel or revoke can any more; all of it, and it cannot be undone',
    )
    .argument('<number>', 'clientSn or sn')
    .option('--reason <text>', 'why', '')
    .addOption(operator())
    .option('--wait <seconds>', 'how long to wait for the proof', seconds, 120)
    .addHelpText(
      'after',
      '\nExit: 0 refunded and proved, 20 still owed (kept on disk), 30 attention, 64 not allowed, 69 refused.',
    )
    .action(async (number: string, options: GiveBackOptions) =>
      setExit(await refund(context(), number, options)),
    );

  program
    .command('work')
    .description('send everything that is owed, without a screen')
    .option('--until-idle', 'return once nothing is owed, tail queries included', false)
    .option('--for <seconds>', 'return after this long', seconds)
    .addHelpText('after', '\nExit: 0 nothing is owed, 20 something still is (kept on disk).')
    .action(async (options: Parameters<typeof work>[1]) => setExit(await work(context(), options)));

  program
    .command('orders')
    .description('list orders, newest first')
    .option('--limit <count>', 'how many at most', count, 100)
    .action((options: { limit: number }) => setExit(orders(context(), options)));

  program
    .command('show')
    .description('one order with its timeline')
    .argument('<number>', 'clientSn or sn')
    .action((number: string) => setExit(show(context(), number)));

  const journal = program
    .command('journal')
    .description('the tamper-evident record of everything that happened');
  journal
    .command('verify')
    .description('check the file, the hash chain and the projections')
    .action(() => setExit(journalVerify(context())));
  journal
    .command('export')
    .description('write it as JSON lines')
    .action(() => setExit(journalExport(context())));

  program
    .command('diagnostics')
    .description('write everything that support asks for into one file; beside a running terminal as well')
    .argument('<file>', 'a new file, or an earlier one of these', nonEmpty)
    .addHelpText(
      'after',
      '\nIt holds no key and no payment code. Exit: 0 written, 64 not a file to write to, 69 it cannot be written.',
    )
    .action(async (file: string) => setExit(await diagnostics(context(), { file, distDirectory })));

  program
    .command('serve')
    .description('serve the screen to a browser on this machine; without settings, in practice mode')
    .option('--port <port>', '0 takes a free one', port, 0)
    .addOption(operator())
    .action(async (options: { port: number; operator: string }) => {
      // The servers are a third of what starting takes, and no other command needs them.
      const { serve } = await import('./commands/serve.ts');
      setExit(await serve(context(), { ...options, distDirectory, launchGateway }));
    });

  program
    .command('gateway')
    .description('the practice gateway alone: a faithful acquirer with faults and no real money')
    .option('--port <port>', '0 takes a free one', port, 0)
    .option('--data <file>', 'where it keeps its orders (default: in memory)')
    .option(
      '--write-config <directory>',
      'write the settings and the key file of every protocol into it',
      nonEmpty,
    )
    .option('--upay-only', 'hand out nothing for the protocols with RSA keys, so that none need be made')
    .addOption(new Option('--with-parent').hideHelp())
    .addHelpText(
      'after',
      '\nIt speaks upay, alipayplus and miniprogram. For each, --write-config writes settings-PROTOCOL.json and' +
        '\nkey-PROTOCOL.json, for: redress init --config settings-PROTOCOL.json --key-file key-PROTOCOL.json',
    )
    .action(async (options: GatewayFlags) => {
      const { gateway } = await import('./commands/gateway.ts');
      const { port: chosen, withParent = false, upayOnly = false, writeConfig = null } = options;
      // The program's own --data takes the value wherever it stands, so it is read from there.
      const { data: file = ':memory:' } = program.opts<{ data?: string }>();
      setExit(
        await gateway(context(), { port: chosen, file, withParent, upayOnly, configDirectory: writeConfig }),
      );
    });

  for (const each of [...program.commands, ...journal.commands]) {
    each.exitOverride().configureOutput({ outputError: () => undefined });
  }
  return program;
}

/** The options of `gateway` as they are parsed. */
interface GatewayFlags {
  readonly port: number;
  readonly writeConfig?: string;
  readonly upayOnly?: boolean;
  readonly withParent?: boolean;
}

const HELP = `
Try it without money:
  npm start                                  the whole terminal in practice mode
Or from a script, with a practice acquirer in a shell of its own:
  redress gateway --write-config DIR         writes settings and a key file for every protocol
  redress init --config DIR/settings-upay.json --key-file DIR/key-upay.json
  redress pay --amount 12.34 --code 134500000000000001
  redress revoke CLIENT_SN
  redress work --until-idle

Exit codes: 0 paid, revoked or done · 10 not charged · 20 still owed (kept on disk) · 30 attention
  64 usage or validation · 69 the acquirer or configuration refuses · 70 a bug · 75 terminal in use
One process works on a data directory at a time: beside an open screen every other command answers 75,
but for diagnostics, which only reads.
Logs go to stderr (REDRESS_LOG=info for more), results to stdout.`;

const INIT_HELP = `
A settings file:
  { "protocol": "upay", "apiDomain": "https://…",
    "terminal": { "terminalSn": "…", "deviceId": "…" },
    "vendor": { "vendorSn": "…", "appId": "…" },
    "timeZone": "Asia/Shanghai", "currency": "CNY", "subject": "Counter sale", "policy": { } }
or, where both sides sign with key pairs (alipayplus, miniprogram), instead of terminal and vendor:
    "client": { "clientId": "…", "keyVersion": "1", "requestTime": "iso-offset", "pathPrefix": "…" }
with a key file { "privateKey": PEM, "publicKey": PEM of the acquirer }; docs/PROTOCOLS.md has every member.
terminalSn is given by activate, and vendor is needed only for it. timeZone, currency, subject and policy have
defaults. "updateUrl", an https address, is where the kiosk finds its updates; on Windows it installs them only with
"updateElevated": true, for an account that is elevated without a question. Unknown members are errors.
policy, in milliseconds (defaults):
${describePolicy()}`;

const PROVISION_HELP = `
A provisioning file:
  { "settings": { … as for init; terminal may be left out … },
    "activation": { "code": "…", "vendorKey": "…", "name": "…" } }
or, where the acquirer gave a key already, instead of activation:
    "key": { "terminalKey": "…" }, or { "privateKey": "…", "publicKey": "…" } for a client
deviceId and name are made from this machine where they are left out. A terminal without settings or key looks
for the file at every start: $REDRESS_PROVISIONING, then provisioning.json in the data directory, then
${provisioningFiles(process.platform, {}, '').at(-1) ?? ''}. It is removed once it has served, because it holds a key.`;

/** The policy's members with their defaults, so that help never differs from what is in force. */
function describePolicy(): string {
  return Object.entries(DEFAULT_POLICY)
    .map(([name, value]) => `  ${name} ${JSON.stringify(value)}`)
    .join('\n');
}

/** An unset variable in a script must not become the current folder. */
function nonEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected a path, not nothing.');
  return text;
}

function seconds(text: string): number {
  return bounded(text, /^[0-9]{1,6}(\.[0-9]{1,3})?$/, 604_800, 'seconds, at most a week');
}

function port(text: string): number {
  return bounded(text, /^[0-9]{1,5}$/, 65_535, 'a port number');
}

function count(text: string): number {
  return bounded(text, /^[1-9][0-9]{0,6}$/, 1_000_000, 'a whole number from 1');
}

function bounded(text: string, form: RegExp, max: number, what: string): number {
  const value = Number(text);
  if (!form.test(text) || value > max) throw new InvalidArgumentError(`Expected ${what}.`);
  return value;
}

/** The machine's user, cut to what the wire carries. */
function userName(): string {
  try {
    return userInfo().username.slice(0, 32) || 'cashier';
  } catch {
    return 'cashier';
  }
}
