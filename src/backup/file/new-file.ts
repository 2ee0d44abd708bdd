import { randomBytes } from 'node:crypto';
import { link, lstat, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Refused } from '../../command-line/run-command.js';

/** A name beside a path for a file that is not whole yet. */
export function unfinishedName(path: string): string {
  return `${path}.unfinished-${randomBytes(4).toString('hex')}`;
}

/** Throws Refused if there is something at the path. */
export async function requireAbsent(path: string): Promise<void> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw new Refused(`${path} can't be looked at: ${error.message}`);
  });
  if (found) throw new Refused(`${path} exists already, and is not overwritten. Move it away, or choose another name.`);
}

/** Gives a file that is whole its name, for good: it and its name are on the disk. Throws Refused if the name is taken. */
export async function finish(unfinished: string, path: string): Promise<void> {
  await synced(unfinished);
  // Unlike a renaming, a link never replaces what has come to the name meanwhile.
  await link(unfinished, path).then(
    () => unlink(unfinished),
    async (error: NodeJS.ErrnoException) => {
      await requireAbsent(path);
      // Some file systems have no links.
      if (!/^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK)$/.test(error.code ?? '')) throw error;
      await rename(unfinished, path);
    },
  );
  await synced(dirname(path));
}

/** Deletes a file that will not be finished, and what SQLite has put beside it. */
export async function discard(unfinished: string): Promise<void> {
  for (const suffix of ['', '-journal', '-wal', '-shm']) await rm(`${unfinished}${suffix}`, { force: true });
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
