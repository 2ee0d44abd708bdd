import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A span as OTLP/JSON has it, its attributes by their names. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** Empty if there is none. */
  parentSpanId: string;
  name: string;
  /** 2 is that of a server, 3 that of a client. */
  kind: number;
  links?: { traceId: string; spanId: string }[];
  /** 2 is an error. */
  status: { code: number };
  attributes: Record<string, unknown>;
  /** Attributes of the service that sent it. */
  resource: Record<string, unknown>;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

interface SentSpan extends Omit<ReceivedSpan, 'attributes' | 'resource' | 'parentSpanId' | 'status'> {
  attributes: Attribute[];
  parentSpanId?: string;
  status?: { code?: number };
}

interface SentSpans {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: SentSpan[] }[] }[];
}

/** Receives traces over HTTP, as a collector of OpenTelemetry does. */
export class OtlpReceiver {
  /** Those that came as JSON. */
  readonly spans: ReceivedSpan[] = [];
  /** Every message: its path, its Content-Type and its body. */
  readonly messages: { path: string; type: string; body: Buffer }[] = [];
  /** The status of its answers; undefined if it gives none. */
  status: number | undefined = 200;

  private constructor(private readonly server: Server) {
    server.setMaxListeners(0);
    server.on('request', (message, response) => void this.take(message, response));
  }

  static async start(): Promise<OtlpReceiver> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new OtlpReceiver(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until this is found. */
  async until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await once(this.server, 'taken');
    }
  }

  /** Waits for the span of the request with this id. */
  spanOf(requestId: string): Promise<ReceivedSpan> {
    return this.until(() => this.spans.find(({ attributes }) => attributes['items.request_id'] === requestId));
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async take(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(message);
    const type = String(message.headers['content-type']);
    this.messages.push({ path: String(message.url), type, body });
    if (type === 'application/json' && this.status === 200) this.spans.push(...spansIn(JSON.parse(body.toString())));
    if (this.status !== undefined) response.writeHead(this.status).end();
    this.server.emit('taken');
  }
}

function spansIn({ resourceSpans }: SentSpans): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        parentSpanId: span.parentSpanId ?? '',
        status: { code: 0, ...span.status },
        attributes: byName(span.attributes),
        resource: byName(resource.attributes),
      })),
    ),
  );
}

function byName(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
