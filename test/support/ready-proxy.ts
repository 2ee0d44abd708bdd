import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** How often the proxy asks whether a service is ready, in milliseconds. */
const PROBE_MS = 20;

interface Backend {
  port: number;
  agent: Agent;
  isReady: boolean;
}

/** An answer of a service, or undefined if the connection could not be opened, so that nothing was sent. */
type Reply = { message: IncomingMessage; content: Buffer } | undefined;

/**
 * A load balancer: sends requests in turn to the services that are ready. It repeats a request on another service only if the first
 * one did nothing: it could not be reached, or said that it is shutting down.
 */
export class ReadyProxy {
  private readonly server: Server;
  private readonly backends: Backend[];
  private readonly probes: NodeJS.Timeout;
  private turn = 0;

  private constructor(ports: number[]) {
    this.backends = ports.map((port) => ({ port, agent: new Agent({ keepAlive: true }), isReady: false }));
    this.server = createServer((message, response) => void this.forward(message, response));
    this.probes = setInterval(() => this.backends.forEach((backend) => void this.probe(backend)), PROBE_MS);
  }

  static async start(ports: number[]): Promise<ReadyProxy> {
    const proxy = new ReadyProxy(ports);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until the service at this port is ready, as the proxy sees it. */
  async untilReady(port: number): Promise<void> {
    const backend = this.backends.find((one) => one.port === port)!;
    while (!(await this.probe(backend))) await delay(PROBE_MS);
  }

  async close(): Promise<void> {
    clearInterval(this.probes);
    this.server.closeAllConnections();
    this.server.close();
    for (const { agent } of this.backends) agent.destroy();
  }

  private async probe(backend: Backend): Promise<boolean> {
    const reply = await send(backend, { method: 'GET', path: '/health/ready', headers: {} }).catch(() => undefined);
    backend.isReady = reply?.message.statusCode === 200;
    return backend.isReady;
  }

  private async forward(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const content = await buffer(message);
    try {
      const { message: answer, content: body } = await this.answerTo(message, content);
      const { connection: _, ...fields } = answer.headers;
      response.writeHead(answer.statusCode!, fields).end(body);
    } catch (error) {
      response.writeHead(502).end((error as Error).message);
    }
  }

  private async answerTo(
    { method, url: path, headers }: IncomingMessage,
    content: Buffer,
  ): Promise<NonNullable<Reply>> {
    const { connection: _, ...fields } = headers;
    for (let tries = 0; tries < 2 * this.backends.length; tries += 1) {
      const ready = this.backends.filter(({ isReady }) => isReady);
      const backend = ready[(this.turn += 1) % ready.length];
      const reply = backend && (await send(backend, { method, path, headers: fields }, content));
      if (reply && !isRefusal(reply)) return reply;
    }
    throw new Error('no service was ready');
  }
}

function isRefusal({ message, content }: NonNullable<Reply>): boolean {
  return message.statusCode === 503 && content.includes('"code":"shutting-down"');
}

async function send(
  { port, agent }: Backend,
  head: { method?: string; path?: string; headers: object },
  content?: Buffer,
): Promise<Reply> {
  const sent = request({ host: '127.0.0.1', port, agent, ...head, headers: { ...head.headers } });
  sent.end(content);
  try {
    const [message] = (await once(sent, 'response')) as [IncomingMessage];
    return { message, content: await buffer(message) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') return undefined;
    throw error;
  }
}
