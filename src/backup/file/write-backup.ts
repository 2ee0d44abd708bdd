import { createHash } from 'node:crypto';
import { Refused } from '../../command-line/run-command.js';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { headerText, trailerText, type Header, type Trailer } from './header.js';
import { discard, finish, requireAbsent, unfinishedName } from './new-file.js';
import { storedMember } from './stored-member.js';
import { RowTally, type Page } from './row-tally.js';

/** How much is written before the disk must have it. Much at once would keep the writes of the database waiting. */
const SYNCED_BYTES = 1_048_576;

/** What was written. */
export interface Written {
  trailer: Trailer;
  bytes: number;
}

/**
 * Writes a backup: a gzip file of lines of JSON, in three members. The header, the rows of each table behind a line with its name,
 * the trailer. Nothing is at the path until the file is whole. Throws Refused if something is there already.
 */
export async function writeBackup(path: string, header: Header, pages: AsyncIterable<Page>): Promise<Written> {
  await requireAbsent(path);
  const unfinished = unfinishedName(path);
  const handle = await open(unfinished, 'wx', 0o600).catch(cantWrite(path));
  try {
    const output = new Output(handle, path);
    await output.write(storedMember(headerText(header)));
    const tally = new RowTally();
    await pipeline(
      async function* lines() {
        for await (const page of pages) yield tally.add(page);
      },
      createGzip({ level: 1 }),
      async (packed: AsyncIterable<Buffer>) => {
        for await (const bytes of packed) await output.write(bytes);
      },
    );
    const trailer = { rows: tally.rows, content: tally.digest(), file: output.digest() };
    await output.write(storedMember(trailerText(trailer)));
    await handle.close();
    await finish(unfinished, path).catch(cantWrite(path));
    return { trailer, bytes: output.bytes };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await discard(unfinished);
    throw error;
  }
}

class Output {
  bytes = 0;
  private unsynced = 0;
  private readonly hash = createHash('sha256');

  constructor(
    private readonly handle: FileHandle,
    private readonly path: string,
  ) {}

  async write(bytes: Buffer): Promise<void> {
    this.hash.update(bytes);
    this.bytes += bytes.length;
    this.unsynced += bytes.length;
    await this.handle.appendFile(bytes).catch(cantWrite(this.path));
    if (this.unsynced < SYNCED_BYTES) return;
    await this.handle.datasync().catch(cantWrite(this.path));
    this.unsynced = 0;
  }

  /** Of what was written so far. */
  digest(): string {
    return this.hash.copy().digest('hex');
  }
}

/** So that nobody takes a full disk for a fault of the database. */
function cantWrite(path: string): (error: Error) => never {
  return (error) => {
    throw error instanceof Refused ? error : new Refused(`${path} can't be written: ${error.message}`);
  };
}
