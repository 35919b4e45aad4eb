import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStation, type CreateStationOptions } from '../../main/create-station.ts';
import { spawnedGateway } from '../../main/practice.ts';
import { openPlainVault, type OpenVault } from '../../main/settings/vault.ts';
import type { CallName } from '../../shared/call-names.ts';
import {
  type Answer,
  type CallArgs,
  type CallResult,
  CONTRACT,
  type Push,
  type SetupArgs,
} from '../../shared/contract.ts';
import type { Actor } from '../../shared/order/event.ts';
import { REDRESS, type GatewayProcess } from './gateway-process.ts';

const CASHIER: Actor = { kind: 'operator', name: 'Ada' };

/** A fresh machine with a real station on it: real files, real network, the built practice gateway. */
export function freshMachine(options: { readonly openVault?: OpenVault } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'redress-station-'));
  const directory = join(folder, 'data');
  mkdirSync(directory, { mode: 0o700 });
  const pushes: Push[] = [];
  const logged: { readonly level: string; readonly fields: object; readonly message: string }[] = [];
  const note = (level: string) => (fields: object, message: string) => {
    logged.push({ level, fields, message });
  };
  const stationOptions: CreateStationOptions = {
    directory,
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    distDirectory: join(REDRESS, '..'),
    launchGateway: spawnedGateway([process.execPath, REDRESS], process.env),
    // What the system may hold must not reach a test.
    environment: { ...process.env, REDRESS_PROVISIONING: join(folder, 'given.json') },
    openVault: options.openVault ?? openPlainVault,
  };
  const station = createStation(stationOptions);
  station.subscribe((push) => pushes.push(push));
  const call = async <Name extends CallName>(
    name: Name,
    args: CallArgs<Name>,
  ): Promise<Answer<CallResult<Name>>> => {
    const answer = await station.call(name, args, CASHIER);
    if (answer.ok) CONTRACT[name].result.parse(answer.value);
    return answer as Answer<CallResult<Name>>;
  };
  return {
    folder,
    directory,
    station,
    pushes,
    logged,
    call,
    /** What a program without a vault would find here. */
    secondStation: (at = directory) =>
      createStation({ ...stationOptions, directory: at, openVault: openPlainVault }),
    /** One call that must succeed. */
    async ask<Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<CallResult<Name>> {
      const answer = await call(name, args);
      if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`);
      return answer.value;
    },
    write(name: string, content: unknown): string {
      const file = join(folder, name);
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
    /** Takes the provisioning file away. */
    removeGiven: (): void => rmSync(join(folder, 'given.json'), { force: true }),
    async remove(): Promise<void> {
      await station.stop(500);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type FreshMachine = ReturnType<typeof freshMachine>;

/** What a person fills in to work with this gateway. */
export function setUpFor(
  gateway: GatewayProcess,
  vendorKeyFile: string,
): Extract<SetupArgs, { protocol: 'upay' }> {
  const { apiDomain, vendor } = gateway.settings;
  return {
    protocol: 'upay',
    apiDomain,
    ...vendor,
    vendorKeyFile,
    activationCode: gateway.activation.code,
    deviceId: `till-${process.pid}-${Math.trunc(performance.now())}`,
    deviceName: 'Counter 1',
    timeZone: 'Asia/Shanghai',
  };
}
