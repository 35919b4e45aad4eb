import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from './files.ts';

const FILE = 'device.json';
const deviceSchema = z.strictObject({ deviceId: z.string().min(1).max(32) });

/**
 * The name of this machine for an acquirer, made once and kept: machines that were copied from one image
 * differ by it, because an image holds no data directory. Where it cannot be kept it is made anew.
 */
export function rememberedDeviceId(directory: string, make: () => string): string {
  const file = join(directory, FILE);
  const stored = readJson(file);
  const known = deviceSchema.safeParse(stored.ok ? stored.value : null);
  if (known.success) return known.data.deviceId;
  const deviceId = make();
  writeJson(file, { deviceId });
  return deviceId;
}
