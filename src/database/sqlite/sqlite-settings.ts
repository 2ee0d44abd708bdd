import type { DataSource } from 'typeorm';

/** Size to which a checkpoint cuts the write-ahead log, in bytes. */
export const LOG_LIMIT_BYTES = 64 * 1024 * 1024;

/** Deleted content is overwritten with zeros, also in pages that become free (sqlite.org/pragma.html#pragma_secure_delete). */
export const OVERWRITE_DELETED = 'PRAGMA secure_delete = ON';

/** Error: a commit would not survive a power cut. What is deleted is overwritten from here on. */
export async function settleWriter(writer: DataSource): Promise<void> {
  await writer.query(OVERWRITE_DELETED);
  await writer.query(`PRAGMA journal_size_limit = ${LOG_LIMIT_BYTES}`);
  // With WAL only synchronous=FULL (2) syncs each commit.
  const [{ journal_mode: journal }] = await writer.query('PRAGMA journal_mode');
  const [{ synchronous }] = await writer.query('PRAGMA synchronous');
  if (journal !== 'wal' || synchronous !== 2) {
    throw new Error(`journal_mode is ${journal} and synchronous ${synchronous}, but wal and 2 are needed`);
  }
}

/** To be called before anything is written. Error: ids and names would not sort by code point. */
export async function requireUtf8File(migrator: DataSource): Promise<void> {
  const [{ encoding }] = await migrator.query('PRAGMA encoding');
  if (encoding !== 'UTF-8') throw new Error(`its encoding is ${encoding}, but UTF-8 is needed. Use another file.`);
}

/** Keeps the reader from writing. */
export async function settleReader(reader: DataSource): Promise<void> {
  await reader.query('PRAGMA query_only = ON');
}
