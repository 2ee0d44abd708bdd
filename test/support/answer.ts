import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import { lint } from './http-lint.js';

/** One answer as it came over the wire. */
export class Answer {
  readonly text: string;

  constructor(
    readonly request: { method: string; target: string },
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly content: Buffer,
  ) {
    this.text = content.toString('utf8');
  }

  /** The content as JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  get json(): any {
    return JSON.parse(this.text);
  }

  /**
   * Asserts the status, for a problem with content its code, and what holds for every answer (http-lint.ts): every test
   * says what it expects through this. Returns the answer for further assertions. HEAD has no content, so its problems
   * are asserted by status alone.
   */
  expect(status: number, code?: string): this {
    const isProblem = this.headers['content-type'] === 'application/problem+json' && this.content.length > 0;
    const actualCode = isProblem ? (this.json as { code: string }).code : undefined;
    const { method, target } = this.request;
    if (this.status !== status || actualCode !== code) {
      throw new Error(
        `${method} ${target}: expected ${status} ${code ?? STATUS_CODES[status]}, ` +
          `got ${this.status} ${actualCode ?? STATUS_CODES[this.status]}\n${this.text.slice(0, 2_000)}`,
      );
    }
    const broken = lint(this);
    if (broken.length > 0) throw new Error(`${method} ${target}: the answer ${status} breaks: ${broken.join('; ')}`);
    return this;
  }
}
