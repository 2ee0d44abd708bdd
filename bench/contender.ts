import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NODE_OPTIONS } from './node-options.js';

/** A server as a process of its own. */
export class Contender {
  private constructor(
    readonly name: string,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /**
   * Runs a file, whose path is relative to this one, in a folder for its database and its output. Its environment is PORT and
   * `environment`. Waits until it says where it listens. Error: it ended instead.
   */
  static async start(name: string, file: string, folder: string, environment = {}): Promise<Contender> {
    const log = join(folder, `${name}.log`);
    const output = openSync(log, 'w');
    const child = spawn(process.execPath, [...NODE_OPTIONS, fileURLToPath(new URL(file, import.meta.url))], {
      cwd: folder,
      env: { PORT: '0', ...environment },
      stdio: ['ignore', output, output],
    });
    for (;;) {
      const said = readFileSync(log, 'utf8');
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (url) return new Contender(name, url, child);
      if (child.exitCode !== null) throw new Error(`${name} ended: ${said}`);
      await sleep(50);
    }
  }

  /** CPU time of its main thread so far, in microseconds; NaN without /proc. */
  mainThreadUs(): number {
    return cpuUs(`/proc/${this.child.pid}/task/${this.child.pid}/stat`);
  }

  /** CPU time of all its threads so far, in microseconds; NaN without /proc. */
  processUs(): number {
    return cpuUs(`/proc/${this.child.pid}/stat`);
  }

  /** Its peak resident memory so far, in megabytes; NaN without /proc. */
  peakMegabytes(): number {
    return this.megabytes('VmHWM');
  }

  /** Its resident memory now, in megabytes; NaN without /proc. */
  nowMegabytes(): number {
    return this.megabytes('VmRSS');
  }

  private megabytes(member: string): number {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
      return Number(new RegExp(`^${member}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
    } catch {
      return Number.NaN;
    }
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** proc_pid_stat(5): utime and stime, in hundredths of a second. */
function cpuUs(file: string): number {
  try {
    const fields = readFileSync(file, 'utf8').split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10_000;
  } catch {
    return Number.NaN;
  }
}
