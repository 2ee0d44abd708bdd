import { readFileSync } from 'node:fs';
import { ConfigError } from './config.js';
import { decodeText, parseEnvText, type Assignment } from './env-text.js';
import { isOpenTelemetryName, isSettingName, settingMeantBy } from './setting-names.js';

/** The settings as found, before their values are checked. */
interface Environment {
  values: NodeJS.ProcessEnv;
  /** Faults in the form of settings in `.env`. */
  faults: string[];
  /** What has no effect but looks as if it were meant to. */
  remarks: string[];
}

/**
 * The environment of the process, plus the settings in `.env` in the working folder. The environment wins unless its value
 * is empty. Throws ConfigError if `.env` exists and can't be read.
 */
export function readEnvironment(): Environment {
  const { assignments, strayLines } = parseEnvText(readEnvFile());
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
  const settings = assignments.filter(({ name }) => isSettingName(name) || isOpenTelemetryName(name));
  const inForce = settings.filter(({ name }) => given[name] === undefined);
  const clear = inForce.filter(({ trap }) => trap === undefined);
  return {
    values: { ...Object.fromEntries(clear.map(({ name, value }) => [name, value])), ...given },
    faults: inForce.flatMap(faultsOf),
    remarks: [
      ...strayLines.map((line) => `Line ${line} of .env is ignored: it is not NAME=value`),
      ...settings.flatMap(remarksOnRepetition),
      ...assignments.flatMap(({ name, line }) => remarksOnName(name, `in line ${line} of .env`)),
      ...Object.keys(given).flatMap((name) => remarksOnName(name, 'in the environment')),
    ],
  };
}

/** Puts what `.env` says to OpenTelemetry into the environment of the process: its SDK reads nothing else. */
export function shareWithOpenTelemetry(values: NodeJS.ProcessEnv): void {
  for (const [name, value] of Object.entries(values)) if (isOpenTelemetryName(name)) process.env[name] = value;
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
  if (text === undefined) throw new ConfigError(['.env is not text in UTF-8 or UTF-16']);
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
  return meant ? [`${name} ${where} is not a setting and has no effect: did you mean ${meant}?`] : [];
}
