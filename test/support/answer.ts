import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import { expect } from '@jest/globals';
import { recordAssertion } from './coverage/record.js';
import { lint } from './http-lint/http-lint.js';
import { faultsAgainstDocument } from './openapi/openapi-answers.js';

/** One answer as it came over the wire. The constructor throws if it breaks a rule of HTTP or departs from openapi.json. */
export class Answer {
  readonly text: string;

  constructor(
    readonly request: { method: string; target: string },
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly content: Buffer,
  ) {
    this.text = content.toString('utf8');
    // An interim answer such as 100 has no fields of its own (RFC 9110 §15.2).
    const exchange = { ...request, status, headers, content };
    const broken = status < 200 ? [] : [...lint(exchange), ...faultsAgainstDocument(exchange)];
    if (broken.length > 0) throw new Error(`${this.summary()}\nbreaks: ${broken.join('; ')}`);
  }

  /** The body as JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  get json(): any {
    return JSON.parse(this.text);
  }

  /**
   * Asserts the status, and for a problem with a body its code. Every test asserts answers through this, and what is asserted
   * here counts as proven, unless it is a rehearsal. HEAD has no body, so its problems are asserted by status alone.
   */
  expect(status: number, code?: string): this {
    const isProblem = this.headers['content-type'] === 'application/problem+json' && this.content.length > 0;
    const actualCode = isProblem ? (this.json as { code: string }).code : undefined;
    if (this.status !== status || actualCode !== code) {
      throw new Error(`expected ${status} ${code ?? STATUS_CODES[status]}, but ${this.summary()}`);
    }
    // Counts as an assertion, like those of expect(): the runner counts them.
    expect.setState({ numPassingAsserts: expect.getState().numPassingAsserts + 1 });
    const isRehearsal = this.headers.rehearsed !== undefined;
    if (!isRehearsal) recordAssertion(this.request.method, this.request.target, status, code);
    return this;
  }

  private summary(): string {
    const { method, target } = this.request;
    const fields = Object.entries(this.headers).map(([name, value]) => `${name}: ${String(value)}`);
    return `${method} ${target.slice(0, 200)} answered ${this.status}\n${fields.join('\n')}\n\n${this.text.slice(0, 2_000)}`;
  }
}
