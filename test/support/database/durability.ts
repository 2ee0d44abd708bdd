import type { DataSource } from 'typeorm';
import { engine } from './engine.js';

const SETTINGS = {
  sqlite: { journal_mode: 'wal', synchronous: 2 },
  postgres: { synchronous_commit: 'on' },
};

/** The settings with which a committed change survives a power cut. */
export const DURABLE: Record<string, unknown> = SETTINGS[engine];

/** The values of these settings on the connection of a DataSource. */
export async function durabilityOf(writer: DataSource): Promise<Record<string, unknown>> {
  const ask = engine === 'sqlite' ? 'PRAGMA' : 'SHOW';
  const answers = await Promise.all(
    Object.keys(DURABLE).map((setting) => writer.query<Record<string, unknown>[]>(`${ask} ${setting}`)),
  );
  return Object.assign({}, ...answers.flat());
}
