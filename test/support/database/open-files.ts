import { readdirSync, readlinkSync } from 'node:fs';
import type { DatabaseConfig } from '../../../src/config/config.js';

/** The files of a database that this process has open; those of a server are not its own. */
export function openFilesOf(database: DatabaseConfig): string[] {
  if (database.engine !== 'sqlite') return [];
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${descriptor}`);
      return file.startsWith(database.path) ? [file] : [];
    } catch {
      // The descriptor of the folder itself is closed by now.
      return [];
    }
  });
}
