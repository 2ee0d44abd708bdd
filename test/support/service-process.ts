import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../src/config/read-config.js';
import { bearer, KEYS, plantKeysDirectly } from './access/known-keys.js';
import { Caller } from './caller.js';
import { DEFAULT_AUTH, sendByDefault } from './access/default-access.js';

/** What `npm start` runs. */
export const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** The options of Node with which it does. */
export const NODE_OPTIONS = optionsOf(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** How a process ended, and all its output. */
export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** What a process is started with: its whole environment except PATH (PORT is 0 unless set), and its `.env`. */
interface Start {
  environment: Record<string, string>;
  /** Contents of `.env`. Null makes it a folder, which not even root can read as a file. */
  envFile?: string | Buffer | null;
  /** A command with parameters that runs Node, with the service as its child. */
  launcher?: string[];
  /** The file to run instead of {@link MAIN}. */
  main?: string;
  /** Options of Node instead of {@link NODE_OPTIONS}. */
  nodeOptions?: string[];
}

const all = new Set<ServiceProcess>();

/**
 * The built service as a process of its own, in a temporary working folder. Test files that start one call killServices()
 * after each test.
 */
export class ServiceProcess {
  /** Every line of standard output so far. */
  readonly lines: string[] = [];
  readonly ended: Promise<Ended>;
  private readonly callers: Caller[] = [];
  private authorization?: string;
  private stderr = '';
  private readonly output: Interface;

  private constructor(
    private readonly child: ChildProcessByStdio<null, Readable, Readable>,
    folder: string,
  ) {
    all.add(this);
    this.output = createInterface(child.stdout).on('line', (line) => this.lines.push(line));
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = this.end(folder);
  }

  /** Starts the service without waiting for it. Error: it has not been built. */
  static async spawn({
    environment,
    envFile,
    launcher = [],
    main = MAIN,
    nodeOptions = NODE_OPTIONS,
  }: Start): Promise<ServiceProcess> {
    if (!existsSync(main)) throw new Error(`${main} is missing: npm run build`);
    const folder = await mkdtemp(join(tmpdir(), 'items-service-'));
    if (envFile === null) await mkdir(join(folder, '.env'));
    else if (envFile !== undefined) await writeFile(join(folder, '.env'), envFile);
    const env = { PATH: process.env.PATH, PORT: '0', ...environment };
    const [command, ...parameters] = [...launcher, process.execPath, ...nodeOptions, main];
    return new ServiceProcess(
      spawn(command, parameters, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }),
      folder,
    );
  }

  /**
   * Starts the service and waits until it listens. Error: it ended instead, with its output. Unless its environment has AUTH
   * or lacks a database, it has {@link DEFAULT_AUTH}: if that is required, callers send a key, which its database has by now.
   */
  static async start(start: Start): Promise<ServiceProcess> {
    const { DATABASE_URL: database, AUTH = DEFAULT_AUTH } = start.environment;
    const needsKeys = database !== undefined && AUTH === 'required' && start.environment.AUTH === undefined;
    const environment = { ...(needsKeys && { AUTH }), ...start.environment };
    const service = await ServiceProcess.spawn({ ...start, environment });
    await service.line(/Items is listening/);
    if (needsKeys) await service.plantKeys(database);
    sendByDefault(service.url, service.authorization);
    return service;
  }

  /** Waits for the first line of its log that matches. Error: the process ended without it. */
  async line(pattern: RegExp): Promise<string> {
    let hasEnded = false;
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (hasEnded) throw new Error(`The service ended with ${JSON.stringify(await this.ended)}`);
      const next = once(this.output, 'line').then(() => false);
      hasEnded = await Promise.race([next, this.ended.then(() => true)]);
    }
  }

  /** Waits for a text on its standard error, and returns all that is there. Error: the process ended without it. */
  async complaint(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.stderr)) {
      const hasEnded = await Promise.race([
        once(this.child.stderr, 'data').then(() => false),
        this.ended.then(() => true),
      ]);
      if (hasEnded) throw new Error(`The service ended with ${JSON.stringify(await this.ended)}`);
    }
    return this.stderr;
  }

  /** Where it listens, from its announcement. */
  get url(): string {
    return /API: (http:\S+)/.exec(this.lines.join('\n'))?.[1] ?? '';
  }

  /** The most memory that it had in RAM since its start or {@link forgetPeak}, in megabytes. */
  get peakMegabytes(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  }

  /** What it has in RAM now becomes the most that it had. */
  forgetPeak(): void {
    // proc_pid_clear_refs(5).
    writeFileSync(`/proc/${this.child.pid}/clear_refs`, '5');
  }

  /** CPU time of all its threads so far, in milliseconds. */
  get cpuMs(): number {
    return readdirSync(`/proc/${this.child.pid}/task`).reduce((sum, thread) => sum + this.threadMs(thread), 0);
  }

  /** CPU time of its main thread so far, in milliseconds. */
  get mainThreadMs(): number {
    return this.threadMs(`${this.child.pid}`);
  }

  /** A caller with its own connections, which are closed when the process has ended. */
  caller(): Caller {
    const caller = new Caller(this.url, undefined, this.authorization);
    this.callers.push(caller);
    return caller;
  }

  /** Closes the reading end of its standard output. */
  closeOutput(): void {
    this.child.stdout.destroy();
  }

  /** Reads its standard output again. */
  goOnReading(): void {
    this.output.resume();
  }

  /** Leaves its standard output unread until the process has ended. */
  stopReading(): void {
    this.output.pause();
    this.child.once('exit', () => this.output.resume());
  }

  /** Process id of the service, or of its launcher. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends SIGTERM, and returns how it ended. */
  async stop(): Promise<Ended> {
    this.signal('SIGTERM');
    return this.ended;
  }

  private async plantKeys(databaseUrl: string): Promise<void> {
    const waiting = new Caller(this.url);
    while ((await waiting.get('/health/ready')).status !== 200) await delay(10);
    waiting.close();
    await plantKeysDirectly(readConfig({ DATABASE_URL: databaseUrl }).database, new Date());
    this.authorization = bearer(KEYS.all);
  }

  private threadMs(id: string): number {
    return Number(readFileSync(`/proc/${this.child.pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  }

  private async end(folder: string): Promise<Ended> {
    // Unlike 'exit', 'close' also waits for its output.
    const [exitCode] = (await once(this.child, 'close')) as [number | null];
    all.delete(this);
    for (const caller of this.callers) caller.close();
    await rm(folder, { recursive: true, force: true });
    return { exitCode, stdout: this.lines.map((line) => `${line}\n`).join(''), stderr: this.stderr };
  }
}

/** Ends every service that still runs, at once. */
export async function killServices(): Promise<void> {
  const running = [...all];
  for (const service of running) service.signal('SIGKILL');
  await Promise.all(running.map((service) => service.ended));
}

function optionsOf(packageJson: string): string[] {
  const { scripts } = JSON.parse(packageJson) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}
