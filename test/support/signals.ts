import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceProcess } from './service-process.js';

/** Runs the service as process 1 of its own namespace, as a container does. It ends with its launcher. */
export const AS_PROCESS_1 = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', ...asRoot()];

/** Whether this system allows it to the user of this process. */
export const canBeProcess1 = spawnSync(AS_PROCESS_1[0] ?? '', [...AS_PROCESS_1.slice(1), 'true']).status === 0;

/** The process id, seen from outside, of the service that was launched as process 1. */
export async function pidOfProcess1({ pid }: ServiceProcess): Promise<number> {
  for (;;) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    if (children.trim() !== '') return Number(children.trim());
    await delay(2);
  }
}

/** Waits until a process has a handler for a signal. Linux only. Error: it has ended. */
export async function handlerOf(signal: NodeJS.Signals, pid: number): Promise<void> {
  const bit = 1n << BigInt(constants.signals[signal] - 1);
  for (;;) {
    const caught = /^SigCgt:\s*(\w+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (BigInt(`0x${caught}`) & bit) return;
    await delay(2);
  }
}

function asRoot(): string[] {
  return process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
}
