import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config.js';

/**
 * The environment of the process, completed by what `.env` in the working folder sets: the environment wins.
 * Throws ConfigError if there is a `.env` that can't be read.
 */
export function readEnvironment(): NodeJS.ProcessEnv {
  return { ...readEnvFile(), ...process.env };
}

function readEnvFile(): NodeJS.ProcessEnv {
  try {
    return parseEnv(readFileSync('.env', 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw new ConfigError([`.env can't be read (${message})`]);
  }
}
