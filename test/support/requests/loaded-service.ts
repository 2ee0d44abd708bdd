import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Caller } from '../caller.js';
import { migratedDatabase, type TestDatabase } from '../database/engine.js';
import { slowness } from '../cpu-time.js';
import { killServices, ServiceProcess } from '../service-process.js';

/** What a service may have in RAM beyond what it had before, in megabytes. */
export const MOST_MEGABYTES = 60;

const ENVIRONMENT = { LOG_LEVEL: 'info', MAX_BODY_BYTES: '4194304' };

/** Node collects garbage early, so what is kept without a bound soon shows, or ends the process. */
const LITTLE_GARBAGE = ['--max-semi-space-size=2', '--max-old-space-size=128'];

/** How much its main thread may do between a question for health and the answer, in milliseconds of CPU time. */
export const MOST_HEALTH_MS = 250;

/** How often others are borne until health was answered in time. One that blocks fails each time. */
const TRIES = 3;

/** A service that does nothing, or only answers health once, takes less CPU time than this in a pause, in milliseconds. */
const MOST_AT_REST_MS = 4;

/** It has done what it was asked for, or waits for readers, after so many pauses in a row in which it did no more. */
const PAUSES_AT_REST = 10;

/**
 * How long nobody asks after an answer, or looks whether the service does anything: far less than a turn that is too long, in
 * milliseconds.
 */
const PAUSE_MS = 25;

/** By then the service has cut slow callers and refused what waits for room, in milliseconds. */
const WAIT_FOR_ROOM_MS = 1_750;

/** How long a test of such a service may take on a busy machine, in milliseconds. */
export const LOAD_TIMEOUT_MS = 300_000;

/** An item as large as most are. */
export const LARGE_ITEM = { name: 'x', attributes: { text: 'x'.repeat(16_000) } };

/** The built service with large items (`item-0` and so on), against which a test sends more than it can take. */
export class LoadedService {
  readonly url: string;
  private readonly api: Caller;
  private megabytesAtStart = 0;

  private constructor(
    private readonly service: ServiceProcess,
    private readonly database: TestDatabase,
  ) {
    this.url = service.url;
    this.api = service.caller();
  }

  /** Starts it with up to 200 of them. */
  static async start(items: number): Promise<LoadedService> {
    const database = await migratedDatabase();
    const environment = { ...ENVIRONMENT, DATABASE_URL: database.url };
    const service = await ServiceProcess.start({ environment, nodeOptions: LITTLE_GARBAGE });
    const loaded = new LoadedService(service, database);
    const operations = Array.from({ length: items }, (_, n) => ({ method: 'PUT', id: `item-${n}`, body: LARGE_ITEM }));
    // Half of 200 fit in a batch.
    for (const part of [operations.slice(0, 100), operations.slice(100)]) {
      if (part.length > 0) (await loaded.api.post('/batch', { atomic: true, operations: part })).expect(200);
    }
    loaded.megabytesAtStart = loaded.megabytesNow();
    return loaded;
  }

  /**
   * Waits until the service is at rest after all that some connections send. Returns how much memory it had in RAM at most beyond what it
   * had before, and what its main thread did at most between a question for health and the answer, in milliseconds of CPU time of the machine for
   * which limits are set. Then destroys the connections. Error: the service does not go on as usual.
   */
  async bear(send: () => Promise<Socket[]>): Promise<{ megabytes: number; healthMs: number }> {
    let [megabytes, healthMs] = [0, Infinity];
    // A collection of garbage may come in between.
    for (let tries = 0; healthMs >= MOST_HEALTH_MS && tries < TRIES; tries += 1) {
      const borne = await this.bearOnce(send);
      megabytes = Math.max(megabytes, borne.megabytes);
      // To measure how slow the machine is costs more than most cases.
      healthMs = Math.min(healthMs, borne.healthMs < MOST_HEALTH_MS ? borne.healthMs : borne.healthMs / slowness());
    }
    return { megabytes, healthMs };
  }

  /** How much more memory it has in RAM than at its start. */
  megabytesLeft(): number {
    return this.megabytesNow() - this.megabytesAtStart;
  }

  async close(): Promise<void> {
    await killServices();
    await this.database.drop();
  }

  private megabytesNow(): number {
    this.service.forgetPeak();
    return this.service.peakMegabytes;
  }

  private async bearOnce(send: () => Promise<Socket[]>): Promise<{ megabytes: number; healthMs: number }> {
    const before = this.megabytesNow();
    const sending = send();
    const healthMs = await this.worstHealthMs(sending);
    const megabytes = this.service.peakMegabytes - before;
    for (const socket of await sending) socket.destroy();
    let list = await this.api.get('/items?limit=200');
    // As the problem says: the ends of connections are noticed one by one.
    while (list.status === 503) list = await this.api.get('/items?limit=200');
    list.expect(200);
    (await this.api.get('/items/item-7')).expect(200);
    (await this.api.put('/items/item-7', LARGE_ITEM)).expect(200);
    return { megabytes, healthMs };
  }

  /** CPU time and no other, so that the other work of the machine does not count. */
  private async worstHealthMs(sending: Promise<unknown>): Promise<number> {
    let earliestEnd = Infinity;
    sending.then(() => (earliestEnd = performance.now() + WAIT_FOR_ROOM_MS)).catch(() => undefined);
    let worst = 0;
    for (let atRest = 0; atRest < PAUSES_AT_REST || performance.now() < earliestEnd;) {
      const [begunMain, begunCpu] = [this.service.mainThreadMs, this.service.cpuMs];
      // Who asks one that is at rest learns nothing, and both take CPU time.
      if (atRest === 0) {
        (await this.api.get('/health/live')).expect(200);
        worst = Math.max(worst, this.service.mainThreadMs - begunMain);
      }
      await pause(PAUSE_MS);
      atRest = this.service.cpuMs - begunCpu < MOST_AT_REST_MS ? atRest + 1 : 0;
    }
    (await this.api.get('/health/live')).expect(200);
    await sending;
    return worst;
  }
}

/** A request without content, as it goes over the wire. */
export function emptyRequest(method: string, target: string): string {
  return `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}

/** The same with JSON. */
export function contentRequest(method: string, target: string, content: string): string {
  return (
    `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${content.length}\r\n\r\n${content}`
  );
}
