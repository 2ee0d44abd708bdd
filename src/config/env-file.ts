import { existsSync } from 'node:fs';

/** Puts what `.env` in the working folder sets into the environment; what is set there already stays. */
export function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}
