import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { engine, type TestDatabase } from './engine.js';
import { pickFreePort } from '../postgres/free-port.js';

/** A database on which a service can't start. */
interface UnusableDatabase {
  /** As in DATABASE_URL. */
  url: string;
  /** What the service must say is wrong. */
  complaint: RegExp;
}

/** The ways in which a database can be unusable at start, on the engine of this run. `usable` is a usable one. */
export async function unusableDatabases(usable: TestDatabase): Promise<[UnusableDatabase, ...UnusableDatabase[]]> {
  if (usable.config.engine === 'sqlite') return unusableFiles(dirname(usable.config.path));
  const atFreePort = Object.assign(new URL(usable.url), { port: await pickFreePort() });
  const unknown = Object.assign(new URL(usable.url), { pathname: '/nobody_made_this' });
  return [
    { url: atFreePort.href, complaint: /ECONNREFUSED/ },
    { url: unknown.href, complaint: /database "nobody_made_this" does not exist/ },
  ];
}

async function unusableFiles(folder: string): Promise<[UnusableDatabase, ...UnusableDatabase[]]> {
  const [directory, text] = [join(folder, 'directory'), join(folder, 'text')];
  await mkdir(directory);
  await writeFile(text, 'This is not a database, but text that is longer than the head of one.\n'.repeat(20));
  return [
    { url: `${engine}:${directory}`, complaint: /SQLITE_CANTOPEN/ },
    { url: `${engine}:${text}`, complaint: /SQLITE_NOTADB/ },
    { url: `${engine}:${join(text, 'items.sqlite')}`, complaint: /ENOTDIR|EEXIST|SQLITE_CANTOPEN/ },
    // /proc exists and takes no folders.
    { url: `${engine}:/proc/nope/items.sqlite`, complaint: /ENOENT/ },
  ];
}
