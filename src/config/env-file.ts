import { readFileSync } from 'node:fs';
import { ConfigError } from './config.js';
import { decodeText, parseEnvText, type Assignment } from './env-text.js';
import { isSettingName, settingMeantBy } from './setting-names.js';

/** What the service is told from outside, before it is known to be usable. */
export interface Environment {
  values: NodeJS.ProcessEnv;
  /** What is wrong with the form of settings in `.env`. */
  faults: string[];
  /** What has no effect and looks as if it should have one. */
  remarks: string[];
}

/**
 * The environment of the process, completed by what `.env` in the working folder sets: the environment wins, if its value
 * is not empty. Throws ConfigError if there is a `.env` that can't be read.
 */
export function readEnvironment(): Environment {
  const { assignments, strayLines } = parseEnvText(readEnvFile());
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const settings = assignments.filter(({ name }) => isSettingName(name));
  const inForce = settings.filter(({ name }) => given[name] === undefined);
  const clear = inForce.filter(({ trap }) => trap === undefined);
  return {
    values: { ...Object.fromEntries(clear.map(({ name, value }) => [name, value])), ...given },
    faults: inForce.flatMap(faultsOf),
    remarks: [
      ...strayLines.map((line) => `Line ${line} of .env is no setting, NAME=value, and was passed over`),
      ...settings.flatMap(remarksOnRepetition),
      ...assignments.flatMap(({ name, line }) => remarksOnName(name, `in line ${line} of .env`)),
      ...Object.keys(given).flatMap((name) => remarksOnName(name, 'in the environment')),
    ],
  };
}

function readEnvFile(): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync('.env');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new ConfigError([`.env can't be read (${message})`]);
  }
  const text = decodeText(bytes);
  if (text === undefined) throw new ConfigError(['.env must be text in UTF-8 or UTF-16, and is neither']);
  return text;
}

// Never the value, which may be a secret.
function faultsOf({ name, line, trap }: Assignment): string[] {
  return trap === undefined ? [] : [`the value of ${name} in line ${line} of .env ${trap}`];
}

function remarksOnRepetition({ name, line }: Assignment, index: number, all: Assignment[]): string[] {
  const next = all.slice(index + 1).find((later) => later.name === name);
  return next ? [`Line ${line} of .env sets ${name}, and line ${next.line} sets it again: the last one counts`] : [];
}

function remarksOnName(name: string, where: string): string[] {
  const meant = settingMeantBy(name);
  return meant ? [`${name} ${where} is no setting and has no effect: ${meant} may be meant`] : [];
}
