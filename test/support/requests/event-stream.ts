import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type Server, type Socket } from 'node:net';
import { Answer } from '../answer.js';
import type { TestApp } from '../test-app.js';
import { connectWithLittleBuffer, type LittleBuffer } from './little-buffer.js';

/** One event, as an EventSource reads it (HTML, "Server-sent events", §9.2.6), or a block without data. */
export interface SentEvent {
  id?: string;
  event?: string;
  data?: string;
  retry?: string;
  comment?: string;
}

/** An open stream of events. */
export class EventStream {
  /** Everything that came so far. */
  readonly blocks: SentEvent[] = [];
  private rest = '';
  private isOver = false;

  private constructor(
    private readonly sent: ClientRequest,
    readonly answer: IncomingMessage,
  ) {
    answer.setEncoding('utf8').on('data', (text: string) => this.read(text));
    answer.on('error', () => undefined).on('close', () => (this.isOver = true));
  }

  /** Asks for a stream. If the answer is a problem, `refused` has it. */
  static async open(url: string, target: string, headers: Record<string, string> = {}): Promise<EventStream> {
    const { stream, refused } = await EventStream.ask(url, target, headers);
    if (!stream) throw new Error(`${refused!.status} ${refused!.text}`);
    return stream;
  }

  static async ask(
    url: string,
    target: string,
    headers: Record<string, string> = {},
  ): Promise<{ stream?: EventStream; refused?: Answer }> {
    const sent = request(`${url}${target}`, {
      headers: { accept: 'text/event-stream', connection: 'keep-alive', ...headers },
      agent: false,
    });
    sent.on('error', () => undefined);
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    if (answer.statusCode === 200) {
      // The head alone is judged as that of an answer without a body.
      new Answer({ method: 'HEAD', target }, 200, answer.headers, Buffer.alloc(0)).expect(200);
      return { stream: new EventStream(sent, answer) };
    }
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return {
      refused: new Answer({ method: 'GET', target }, answer.statusCode!, answer.headers, Buffer.concat(chunks)),
    };
  }

  /** The events with data so far. */
  get events(): SentEvent[] {
    return this.blocks.filter(({ data }) => data !== undefined);
  }

  /** Waits until something holds of the stream. */
  async until(holds: (stream: this) => boolean): Promise<void> {
    while (!holds(this)) {
      if (this.isOver) throw new Error(`The stream ended after ${JSON.stringify(this.blocks.slice(-3))}`);
      await this.more();
    }
  }

  /** Waits for so many events with data. */
  async take(count: number): Promise<SentEvent[]> {
    await this.until(({ events }) => events.length >= count);
    return this.events;
  }

  /** Waits until the service has ended it. Error: it was cut. */
  async ended(): Promise<void> {
    if (!this.isOver) await once(this.answer, 'close');
    if (!this.answer.complete) throw new Error('The stream was cut');
  }

  close(): void {
    this.sent.destroy();
  }

  /** Waits until something has come, or it is over. */
  private async more(): Promise<void> {
    const either = new AbortController();
    const { signal } = either;
    await Promise.race([once(this.answer, 'data', { signal }), once(this.answer, 'close', { signal })]);
    // Or the listeners of the other would stay, and more with each part.
    either.abort();
  }

  private read(text: string): void {
    const blocks = `${this.rest}${text}`.split('\n\n');
    this.rest = blocks.pop()!;
    for (const block of blocks) this.blocks.push(eventIn(block));
  }
}

function eventIn(block: string): SentEvent {
  const fields = block.split('\n').map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [colon === 0 ? 'comment' : line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
  });
  return Object.fromEntries(fields);
}

/** A client that asks for a stream and never reads it. */
export async function openUnread(service: TestApp, target: string): Promise<LittleBuffer> {
  const connection = await connectWithLittleBuffer(service);
  connection.client.pause();
  connection.client.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n`);
  return connection;
}

/** A client over TCP that reads of a stream only when it is told to, and the end of the service. */
export async function openOverTcp(
  { app, api }: TestApp,
  target: string,
): Promise<{ client: Socket; served: Socket; readSome: () => Promise<void> }> {
  const accepted = once(app.getHttpServer() as Server, 'connection') as Promise<[Socket]>;
  const client = connect(Number(new URL(api.url).port), '127.0.0.1').on('error', () => undefined);
  client.pause();
  const [served] = await accepted;
  client.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n`);
  const readSome = async () => {
    client.once('data', () => client.pause());
    client.resume();
    await once(client, 'pause');
  };
  return { client, served, readSome };
}
