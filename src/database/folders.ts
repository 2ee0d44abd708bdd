import { mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Creates a folder and its missing parents. Returns those it created, outermost first. Node's recursive mkdir would loop
 * forever in a folder that takes no others, such as /proc.
 */
export async function makeFolders(folder: string): Promise<string[]> {
  try {
    await mkdir(folder);
    return [folder];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return [];
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
  }
  const above = await makeFolders(dirname(folder));
  try {
    await mkdir(folder);
    return [...above, folder];
  } catch (error) {
    await removeFolders(above);
    throw error;
  }
}

/** Removes those of the folders that are empty. */
export async function removeFolders(folders: string[]): Promise<void> {
  for (const folder of folders.toReversed()) await rmdir(folder).catch(() => undefined);
}
