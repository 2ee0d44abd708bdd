import { setTimeout as delay } from 'node:timers/promises';

/** What sends its requests. */
interface Sender {
  call(method: string, target: string, options: { json?: object }): Promise<{ status: number }>;
}

/** What became of the requests of a load. */
export interface LoadResult {
  requests: number;
  created: number;
  /** What was answered otherwise, or lost: method, target, and status or error. */
  failures: string[];
}

/** Clients that each create an item, read it and change it, one request after the other, until they are stopped. */
export class SteadyLoad {
  private readonly result: LoadResult = { requests: 0, created: 0, failures: [] };
  private readonly clients: Promise<void>[];
  private isStopping = false;

  /** `leastRequests`: how many are sent at least, even if it is stopped earlier. `pauseMs`: of a client behind each item. */
  constructor(
    private readonly api: Sender,
    clients: number,
    private readonly leastRequests: number,
    private readonly pauseMs = 0,
  ) {
    this.clients = Array.from({ length: clients }, (_, client) => this.run(client));
  }

  /** How many were sent so far. */
  get requests(): number {
    return this.result.requests;
  }

  /** Lets the clients end, each with the item that it works on. */
  async stop(): Promise<LoadResult> {
    this.isStopping = true;
    await Promise.all(this.clients);
    return this.result;
  }

  private async run(client: number): Promise<void> {
    for (let n = 0; !this.isStopping || this.result.requests < this.leastRequests; n += 1) {
      const id = `load-${client}-${n}`;
      if (await this.send('POST', '/items', 201, { id, name: 'new' })) this.result.created += 1;
      await this.send('GET', `/items/${id}`, 200);
      await this.send('PUT', `/items/${id}`, 200, { name: 'changed' });
      if (this.pauseMs > 0) await delay(this.pauseMs);
    }
  }

  private async send(method: string, target: string, expected: number, json?: object): Promise<boolean> {
    this.result.requests += 1;
    const answer = await this.api.call(method, target, { json }).catch((error: Error) => error);
    const came = answer instanceof Error ? answer.message : answer.status;
    if (came === expected) return true;
    this.result.failures.push(`${method} ${target}: ${came}`);
    return false;
  }
}
