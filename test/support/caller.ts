import { Agent, request, type IncomingMessage } from 'node:http';
import { Answer } from './answer.js';

/** What a call sends in addition to method and path. */
export interface CallOptions {
  headers?: Record<string, string | string[]>;
  /** Body, sent as `application/json`. */
  json?: unknown;
  /** Body, sent unchanged; the test sets its Content-Type. */
  body?: string | Buffer;
}

/** Calls one server over real connections, which stay open between calls. */
export class Caller {
  /**
   * `check` runs after every answer. If it throws, the test that got the answer fails. `authorization` is sent with every
   * request that has no field of this name.
   */
  constructor(
    readonly url: string,
    private readonly check: () => void = () => undefined,
    private readonly authorization?: string,
    private readonly agent = new Agent({ keepAlive: true }),
  ) {}

  /** The same caller with another credential, or without one. */
  with(authorization?: string): Caller {
    return new Caller(this.url, this.check, authorization, this.agent);
  }

  /** Sends one request. The target is sent as written, without normalisation. */
  async call(method: string, target: string, options?: CallOptions): Promise<Answer> {
    const { statusCode = 0, headers, content } = await this.send(method, target, options);
    this.check();
    return new Answer({ method, target }, statusCode, headers, content);
  }

  /** The status of an answer that nobody judges: for one so large that this takes longer than to make it. */
  async statusOf(method: string, target: string, options?: CallOptions): Promise<number> {
    const { statusCode = 0 } = await this.send(method, target, options);
    this.check();
    return statusCode;
  }

  private send(
    method: string,
    target: string,
    { headers = {}, json, body }: CallOptions = {},
  ): Promise<IncomingMessage & { content: Buffer }> {
    const { hostname, port } = new URL(this.url);
    const content = json === undefined ? body : JSON.stringify(json);
    const contentFields = {
      ...(this.authorization !== undefined && { authorization: this.authorization }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(content !== undefined && { 'content-length': Buffer.byteLength(content) }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(
        { agent: this.agent, hostname, port, method, path: target, headers: { ...contentFields, ...headers } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => resolve(Object.assign(response, { content: Buffer.concat(chunks) })));
        },
      );
      sent.on('error', reject);
      sent.end(content);
    });
  }

  get(target: string, options?: CallOptions): Promise<Answer> {
    return this.call('GET', target, options);
  }

  post(target: string, json: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('POST', target, { ...options, json });
  }

  put(target: string, json: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('PUT', target, { ...options, json });
  }

  /** PATCH with a JSON Merge Patch, or with a JSON Patch if it is an array. */
  patch(target: string, patch: unknown, { headers, ...options }: CallOptions = {}): Promise<Answer> {
    const type = `application/${Array.isArray(patch) ? 'json' : 'merge'}-patch+json`;
    return this.call('PATCH', target, { ...options, json: patch, headers: { 'content-type': type, ...headers } });
  }

  delete(target: string, options?: CallOptions): Promise<Answer> {
    return this.call('DELETE', target, options);
  }

  /** The entity-tag that GET gives. */
  async entityTagOf(target: string): Promise<string> {
    return (await this.get(target)).expect(200).headers.etag ?? '';
  }

  close(): void {
    this.agent.destroy();
  }
}
