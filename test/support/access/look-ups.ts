import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { Database } from 'sqlite3';
import type { DataSource } from 'typeorm';
import { WRITER } from '../../../src/database/database.module.js';
import { poolOf } from '../../../src/database/postgres/postgres-client.js';
import { engine } from '../database/engine.js';

/** How many statements a service's reader, or its writer, runs while `work` is done. */
export async function statementsDuring(
  app: NestFastifyApplication,
  work: () => Promise<unknown>,
  side?: typeof WRITER,
): Promise<number> {
  const source = app.get<DataSource>(getDataSourceToken(side));
  return engine === 'postgres' ? countedOnServer(source, work) : countedOnFile(source, work);
}

async function countedOnServer(source: DataSource, work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const countOne = () => void (count += 1);
  poolOf(source).on('acquire', countOne);
  await work();
  poolOf(source).off('acquire', countOne);
  return count;
}

// SQLite's events come later than the results, so this waits for the event of a statement of its own.
async function countedOnFile(source: DataSource, work: () => Promise<unknown>): Promise<number> {
  const { databaseConnection: file } = source.driver as unknown as { databaseConnection: Database };
  let count = 0;
  let told: () => void;
  const lastIsTold = new Promise<void>((resolve) => (told = resolve));
  const countOne = (sql: string) => {
    if (sql === `SELECT 'last'`) told();
    else count += 1;
  };
  file.on('trace', countOne);
  await work();
  await source.query(`SELECT 'last'`);
  await lastIsTold;
  file.removeListener('trace', countOne);
  return count;
}
