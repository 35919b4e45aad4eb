import { join } from 'node:path';
import { failure, type Failure } from '../../shared/errors.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { parseSettings, type Settings } from '../../shared/settings.ts';
import { readJson, writeJson } from './files.ts';

const fileIn = (directory: string): string => join(directory, 'settings.json');

/** The settings of this data directory; null before `init`. */
export function loadSettings(directory: string): Result<Settings | null, Failure> {
  const json = readJson(fileIn(directory));
  if (!json.ok || json.value === null) return json.ok ? ok(null) : json;
  return parseSettings(json.value);
}

/** Reads a settings file that merchant IT wrote, before anything is stored. */
export function readSettingsFile(file: string): Result<Settings, Failure> {
  const json = readJson(file);
  if (!json.ok) return err(failure('settings_unreadable', json.error.detail));
  if (json.value === null) return err(failure('settings_unreadable', `${file} does not exist`));
  return parseSettings(json.value);
}

export function saveSettings(directory: string, settings: Settings): Result<void, Failure> {
  return writeJson(fileIn(directory), settings);
}
