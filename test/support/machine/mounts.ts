import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { appendFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ServiceProcess } from '../service-process.js';

/** Runs a command with mounts that nobody else sees. They go when it ends. */
const APART = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'])];

/** A folder for a file system that a service process mounts on it, in a namespace of its own. */
export interface MountPoint {
  folder: string;
  /** Mounts the file system, then runs what follows: a `launcher` of ServiceProcess. */
  launcher: string[];
  /** A file of the mounted file system as others see it. */
  seenFrom(this: void, service: ServiceProcess, name: string): string;
  remove(this: void): Promise<void>;
}

/** A file system in memory with room for so many bytes. `prepared`: shell commands that are run in it once it is mounted. */
export function smallDisk(bytes: number, prepared = 'true'): Promise<MountPoint> {
  return mountPoint((folder) => `mount -t tmpfs -o size=${bytes} tmpfs '${folder}' && cd '${folder}' && ${prepared}`);
}

/** A real file system in a file, which becomes read-only after an error. It keeps what it has from one mount to the next. */
export async function journalledDisk(): Promise<MountPoint> {
  const image = join(await mkdtemp(join(tmpdir(), 'items-disk-')), 'image');
  await writeFile(image, '');
  await truncate(image, 16 * 1024 * 1024);
  run('mkfs.ext4', ['-q', '-F', image]);
  const mount = await mountPoint((folder) => `mount -o loop,errors=remount-ro '${image}' '${folder}'`);
  const remove = async () => {
    await mount.remove();
    await rm(join(image, '..'), { recursive: true });
  };
  return { ...mount, remove };
}

async function mountPoint(command: (folder: string) => string): Promise<MountPoint> {
  const folder = await mkdtemp(join(tmpdir(), 'items-mount-'));
  return {
    folder,
    launcher: [...APART, 'sh', '-c', `work="$PWD"; ${command(folder)} && cd "$work" && exec "$@"`, 'sh'],
    seenFrom: ({ pid }, name) => `/proc/${pid}/root${folder}/${name}`,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Fills a disk with a file. */
export function fillDisk(path: string): void {
  const piece = Buffer.alloc(65_536, 'x');
  for (;;) {
    try {
      appendFileSync(path, piece);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      return;
    }
  }
}

/** Keeps everybody from changing files, also who has them open already. Gives them back by `-`. */
export function setImmutable(sign: '+' | '-', files: string[]): void {
  run('chattr', [`${sign}i`, ...files]);
}

/** Makes the kernel find an error in the file system on which a service has its database. From then on it is read-only. */
export function failFileSystem({ pid }: ServiceProcess, folder: string): void {
  const mounts = readFileSync(`/proc/${pid}/mounts`, 'utf8').split('\n');
  const device = basename(mounts.find((line) => line.includes(` ${folder} `))?.split(' ')[0] ?? '');
  run('sh', ['-c', `echo 1 > /sys/fs/ext4/${device}/trigger_fs_error`]);
}

/** Whether this system lets the user of this process mount file systems in a namespace. Tests that need it are shown as skipped elsewhere. */
export const canMount = succeeds(`mount -t tmpfs tmpfs /mnt`);

/** Whether it lets him mount a real one from a file. */
export const canMountImages =
  process.getuid?.() === 0 && succeeds('command -v mkfs.ext4 && command -v chattr && test -w /dev/loop-control');

function succeeds(script: string): boolean {
  return spawnSync(APART[0]!, [...APART.slice(1), 'sh', '-c', script]).status === 0;
}

function run(command: string, parameters: string[]): void {
  const { status, stderr, error } = spawnSync(command, parameters, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`${command} ended with ${status}: ${stderr}`);
}
