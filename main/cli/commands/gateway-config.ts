import { join } from 'node:path';
import type { Failure } from '../../../shared/errors.ts';
import { err, ok, type Result } from '../../../shared/result.ts';
import { writeJson } from '../../settings/files.ts';
import { RSA_PROTOCOLS, type Protocol, type RsaProtocol } from '../../training/call.ts';
import type { Gateway } from '../../training/gateway.ts';

/** What `redress init` takes: the settings of a terminal, and its key file. */
export interface TerminalConfig {
  readonly settings: object;
  readonly keyFile: object;
}

/** A terminal of the practice gateway that speaks Upay. */
export function upayConfig({ url, credentials }: Gateway) {
  const { terminalSn, terminalKey, vendorSn, appId } = credentials;
  return {
    settings: {
      protocol: 'upay',
      apiDomain: url,
      terminal: { terminalSn, deviceId: 'practice-counter' },
      vendor: { vendorSn, appId },
    },
    keyFile: { terminalKey },
  };
}

/** Terminals of the practice gateway that speak the protocols with RSA keys, which are made here if need be. */
export async function rsaConfigs(
  gateway: Gateway,
): Promise<Result<Readonly<Record<RsaProtocol, TerminalConfig>>, Failure>> {
  const alipayplus = await rsaConfig('alipayplus', gateway);
  if (!alipayplus.ok) return alipayplus;
  const miniprogram = await rsaConfig('miniprogram', gateway);
  return miniprogram.ok ? ok({ alipayplus: alipayplus.value, miniprogram: miniprogram.value }) : miniprogram;
}

async function rsaConfig(protocol: RsaProtocol, gateway: Gateway): Promise<Result<TerminalConfig, Failure>> {
  const made = await gateway.rsaCredentials(protocol);
  if (!made.ok) return made;
  const { clientId, privateKey, publicKey } = made.value;
  return ok({
    settings: { protocol, apiDomain: gateway.url, client: { clientId } },
    keyFile: { privateKey, publicKey },
  });
}

/**
 * Writes `settings-PROTOCOL.json` and `key-PROTOCOL.json` for every protocol into a directory that is there, for
 * their owner only. Fails as `writeJson` does, or where the keys cannot be kept.
 */
export async function writeConfigs(directory: string, gateway: Gateway): Promise<Result<void, Failure>> {
  const rsa = await rsaConfigs(gateway);
  if (!rsa.ok) return rsa;
  const configs: Readonly<Record<Protocol, TerminalConfig>> = { upay: upayConfig(gateway), ...rsa.value };
  for (const protocol of ['upay', ...RSA_PROTOCOLS] as const) {
    const written = writeConfig(directory, protocol, configs[protocol]);
    if (!written.ok) return err(written.error);
  }
  return ok(undefined);
}

function writeConfig(
  directory: string,
  protocol: Protocol,
  { settings, keyFile }: TerminalConfig,
): Result<void, Failure> {
  const written = writeJson(join(directory, `settings-${protocol}.json`), settings);
  return written.ok ? writeJson(join(directory, `key-${protocol}.json`), keyFile) : written;
}
