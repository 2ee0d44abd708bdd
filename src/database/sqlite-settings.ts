import type { DataSource } from 'typeorm';

/** How large the write-ahead log stays after a checkpoint that let it grow, in bytes. */
export const LOG_LIMIT_BYTES = 64 * 1024 * 1024;

/** Error: the file does not keep what is committed, or not in UTF-8. */
export async function settleWriter(writer: DataSource): Promise<void> {
  await writer.query(`PRAGMA journal_size_limit = ${LOG_LIMIT_BYTES}`);
  // An acknowledged change must survive a power cut: with WAL only synchronous=FULL (2) syncs each commit.
  const [{ journal_mode: journal }] = await writer.query('PRAGMA journal_mode');
  const [{ synchronous }] = await writer.query('PRAGMA synchronous');
  if (journal !== 'wal' || synchronous !== 2) {
    throw new Error(`journal_mode is ${journal} and synchronous ${synchronous}, where wal and 2 are needed`);
  }
}

/** Before anything is written. Error: ids and names would not sort by code point. */
export async function requireUtf8File(migrator: DataSource): Promise<void> {
  const [{ encoding }] = await migrator.query('PRAGMA encoding');
  if (encoding !== 'UTF-8') throw new Error(`its encoding is ${encoding}, where UTF-8 is needed. Use another file.`);
}

/** Makes a side unable to write. */
export async function settleReader(reader: DataSource): Promise<void> {
  await reader.query('PRAGMA query_only = ON');
}
