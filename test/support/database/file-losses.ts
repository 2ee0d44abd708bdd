import { copyFile, link, rename, rm, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseConfig } from '../../../src/config/config.js';
import type { Mend } from './faults.js';
import { migratedDatabase } from './engine.js';

/** A way to take the files of a database from a service that has them open. */
interface FileLoss {
  name: string;
  /** Takes them until mended. */
  begin(this: void): Promise<Mend>;
}

/** An SQLite database whose files a test can take away. */
export interface LosableFiles {
  database: DatabaseConfig;
  losses: FileLoss[];
  /** Renames after which a start finds the same files. */
  harmless: FileLoss[];
  remove(this: void): Promise<void>;
}

export async function prepareFileLosses(): Promise<LosableFiles> {
  const { config, drop } = await migratedDatabase();
  if (config.engine !== 'sqlite') throw new Error('A PostgreSQL database is not a file.');
  const folder = dirname(config.path);
  const [kept, other] = [join(folder, 'kept'), `${folder}-other`];
  const viaLink = join(folder, 'link.sqlite');
  await symlink(config.path, viaLink);
  const repoint = async (target: string) => {
    await unlink(viaLink);
    await symlink(target, viaLink);
  };
  const deleted = (path: string) => async () => {
    await link(path, kept);
    await rm(path);
    return () => rename(kept, path);
  };
  const losses = [
    { name: 'the file moved', begin: moved(config.path, kept) },
    { name: 'the file deleted', begin: deleted(config.path) },
    {
      name: 'the file replaced',
      begin: async () => {
        await rename(config.path, kept);
        await copyFile(kept, config.path);
        return () => rename(kept, config.path);
      },
    },
    { name: 'its folder moved', begin: moved(folder, other) },
    { name: 'its write-ahead log deleted', begin: deleted(`${config.path}-wal`) },
    { name: 'its shared memory deleted', begin: deleted(`${config.path}-shm`) },
    {
      name: 'a link to it led elsewhere',
      begin: async () => {
        await copyFile(config.path, kept);
        await repoint(kept);
        return async () => {
          await repoint(config.path);
          await rm(kept);
        };
      },
    },
  ];
  const harmless = [
    {
      name: 'its folder moved, and a link led there',
      begin: async () => {
        await rename(folder, other);
        await symlink(other, folder);
        return async () => {
          await unlink(folder);
          await rename(other, folder);
        };
      },
    },
  ];
  return { database: { ...config, path: viaLink }, losses, harmless, remove: drop };
}

function moved(path: string, to: string): FileLoss['begin'] {
  return async () => {
    await rename(path, to);
    return () => rename(to, path);
  };
}
