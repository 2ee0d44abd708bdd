import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Refused } from '../../command-line/run-command.js';
import { SCHEMA_NUMBER } from '../../database/migrations/schema.js';
import { readHeader, readTrailer, TRAILER_BYTES, type Header, type Trailer } from './header.js';
import { hasTablesOfSchema } from './known-tables.js';
import { MEMBER_FRAME_BYTES, STORED_MAX, storedText } from './stored-member.js';
import { pagesIn } from './pages-in.js';
import type { Page } from './row-tally.js';

/** A backup whose bytes were found to be those that were written. */
export interface OpenBackup {
  header: Header;
  trailer: Trailer;
  /** All rows. To be read once. Throws Refused if the lines are not those of a backup. */
  pages(): AsyncIterable<Page>;
  /** Throws Refused if this is not the digest of its lines: somebody changed the file while it was read. */
  requireSame(content: string): void;
  close(): Promise<void>;
}

const TRAILER_MEMBER_BYTES = TRAILER_BYTES + MEMBER_FRAME_BYTES;

/** How much of the file is in memory at once. */
const CHUNK_BYTES = 65_536;

/** Opens a backup, and reads all of it once to see that it is whole. Throws Refused if it is not, or if a newer release made it. */
export async function openBackup(path: string): Promise<OpenBackup> {
  const handle = await open(path).catch((error: Error) => {
    throw new Refused(`The backup can't be read: ${error.message}`);
  });
  try {
    return await opened(handle, path);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function opened(handle: FileHandle, path: string): Promise<OpenBackup> {
  const { size } = await handle.stat();
  const text = storedText(await read(handle, 0, Math.min(size, STORED_MAX + MEMBER_FRAME_BYTES)));
  const header = text === undefined ? undefined : readHeader(text);
  if (header === undefined) throw new Refused(await reasonFor(handle, path));
  if (header === 'newer' || header.schema > SCHEMA_NUMBER) {
    throw new Refused(`${path} was made by a newer release of Items. Restore it with that release.`);
  }
  if (!hasTablesOfSchema(header)) {
    throw new Refused(`${path} has other tables than a backup of Items. Nothing was restored.`);
  }
  const rowsAt = Buffer.byteLength(text!) + MEMBER_FRAME_BYTES;
  const trailerAt = size - TRAILER_MEMBER_BYTES;
  const damaged = new Refused(`${path} is damaged or not whole, so nothing was restored. Take another backup.`);
  if (trailerAt < rowsAt) throw damaged;
  const trailer = readTrailer(storedText(await read(handle, trailerAt, TRAILER_MEMBER_BYTES)) ?? '');
  if (trailer?.file !== (await digestOf(handle, trailerAt))) throw damaged;
  // `end` is part of the range.
  const packed = () => handle.createReadStream({ start: rowsAt, end: trailerAt - 1, autoClose: false });
  return {
    header,
    trailer,
    pages: () => pagesIn(packed(), createGunzip(), header.tables, damaged),
    requireSame: (content) => {
      if (content !== trailer.content) throw damaged;
    },
    close: () => handle.close(),
  };
}

async function reasonFor(handle: FileHandle, path: string): Promise<string> {
  const isDatabase = (await read(handle, 0, 16)).toString('latin1') === 'SQLite format 3\0';
  return isDatabase
    ? `${path} is an SQLite database, not a backup. To use it, stop the service and put it where DATABASE_URL says.`
    : `${path} is no backup of Items, or its beginning is damaged. Nothing was restored.`;
}

async function digestOf(handle: FileHandle, end: number): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < end;) {
    const bytes = await read(handle, at, Math.min(CHUNK_BYTES, end - at));
    if (bytes.length === 0) break;
    hash.update(bytes);
    at += bytes.length;
  }
  return hash.digest('hex');
}

async function read(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
