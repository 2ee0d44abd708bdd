import { statfs } from 'node:fs/promises';

/** A disk, in bytes. */
export interface Space {
  total: number;
  /** What a process without privileges can still use. */
  free: number;
}

/** Less than this is little on a disk of any size. */
const LITTLE_BYTES = 10 * 1024 ** 3;

/** The disk that a file is on; undefined if it can't be asked, or without a file. */
export async function spaceOf(path: string | undefined): Promise<Space | undefined> {
  if (path === undefined) return undefined;
  const found = await statfs(path).catch(() => undefined);
  return found && { total: found.blocks * found.bsize, free: found.bavail * found.bsize };
}

/** Whether less than a twentieth is free, and less than 10 GiB. */
export function isNearlyFull({ total, free }: Space): boolean {
  return free < total / 20 && free < LITTLE_BYTES;
}
