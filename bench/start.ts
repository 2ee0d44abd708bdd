import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NODE_OPTIONS } from './node-options.js';

/** What is counted as one start: the first is not, since it fills caches. */
const STARTS = 9;

/** How long a service rests before its memory is read. */
const REST_MS = 2_000;

interface Start {
  listeningMs: number;
  cpuMs: number;
  restMegabytes: number;
}

/**
 * A table of the start: medians over starts on a new database each. `file` is relative to this one. Error: it ended, or there
 * is no /proc.
 */
export async function starts(name: string, file: string): Promise<string> {
  const seen: Start[] = [];
  for (let n = 0; n <= STARTS; n += 1) {
    const start = await startOnce(fileURLToPath(new URL(file, import.meta.url)));
    if (n > 0) seen.push(start);
  }
  const figure = (of: (start: Start) => number) => Math.round(seen.map(of).sort((a, b) => a - b)[STARTS >> 1] ?? NaN);
  const cells = [figure((one) => one.listeningMs), figure((one) => one.cpuMs), figure((one) => one.restMegabytes)];
  return `| start of ${name}, Node.js ${process.versions.node} | until it listens, ms | CPU until then, ms | memory at rest, MB |
| --- | ---: | ---: | ---: |
| median of ${STARTS} | ${cells.join(' | ')} |
`;
}

async function startOnce(main: string): Promise<Start> {
  const folder = mkdtempSync(join(tmpdir(), 'items-bench-'));
  const begun = performance.now();
  const child = spawn(process.execPath, [...NODE_OPTIONS, main], {
    cwd: folder,
    env: { PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    await announced(createInterface(child.stdout));
    const listeningMs = performance.now() - begun;
    const cpuMs = cpuMsOf(child.pid);
    await sleep(REST_MS);
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return { listeningMs, cpuMs, restMegabytes: Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024 };
  } finally {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  }
}

async function announced(lines: AsyncIterable<string>): Promise<void> {
  for await (const line of lines) if (line.includes('API: http')) return;
  throw new Error('The service ended before it listened');
}

// proc_pid_stat(5): utime and stime of all threads, in hundredths of a second.
function cpuMsOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  return (Number(fields[13]) + Number(fields[14])) * 10;
}
