import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { Database } from 'sqlite3';
import type { DataSource } from 'typeorm';
import { poolOf } from '../../../src/database/postgres/postgres-client.js';
import { engine } from '../database/engine.js';

/** How many statements a service's reader runs while `work` is done. */
export async function statementsDuring(app: NestFastifyApplication, work: () => Promise<unknown>): Promise<number> {
  const reader = app.get<DataSource>(getDataSourceToken());
  return engine === 'postgres' ? countedOnServer(reader, work) : countedOnFile(reader, work);
}

async function countedOnServer(reader: DataSource, work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const countOne = () => void (count += 1);
  poolOf(reader).on('acquire', countOne);
  await work();
  poolOf(reader).off('acquire', countOne);
  return count;
}

// SQLite's events come later than the results, so this waits for the event of a statement of its own.
async function countedOnFile(reader: DataSource, work: () => Promise<unknown>): Promise<number> {
  const { databaseConnection: file } = reader.driver as unknown as { databaseConnection: Database };
  let count = 0;
  let told: () => void;
  const lastIsTold = new Promise<void>((resolve) => (told = resolve));
  const countOne = (sql: string) => {
    if (sql === `SELECT 'last'`) told();
    else count += 1;
  };
  file.on('trace', countOne);
  await work();
  await reader.query(`SELECT 'last'`);
  await lastIsTold;
  file.removeListener('trace', countOne);
  return count;
}
