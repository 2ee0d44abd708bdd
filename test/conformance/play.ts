import { expect } from '@jest/globals';
import type { Answer } from '../support/answer.js';
import type { Caller } from '../support/caller.js';
import type { Exchange } from './row.js';

/** Makes exchanges of rows, and asserts everything that they promise. */
export class Player {
  /** To exchanges that rows share, by what was sent. */
  private readonly answers = new Map<string, Answer>();

  constructor(private readonly api: Caller) {}

  /** `names` are the ids and tags of the row. */
  async play(exchange: Exchange, names: Record<string, string>): Promise<Answer> {
    const answer = exchange.isShared ? await this.sharedAnswer(exchange) : await this.send(filled(exchange, names));
    expectPromised(answer, filled(exchange, exchange.isShared ? SHARED : names));
    return answer;
  }

  private async sharedAnswer({ send, headers, json, body, status }: Exchange): Promise<Answer> {
    const sent = filled({ send, headers, json, body, status }, SHARED);
    const key = JSON.stringify(sent);
    const answer = this.answers.get(key) ?? (await this.send(sent));
    this.answers.set(key, answer);
    return answer;
  }

  private send({ send, headers, json, body }: Exchange): Promise<Answer> {
    const [method = '', target = ''] = send.split(' ');
    return this.api.call(method, target, { headers, json, body });
  }
}

/** The ids in exchanges that rows share. */
export const SHARED = { E: 'existing-for-all', X: 'unused-for-all' };

function expectPromised(answer: Answer, { status, code, fields, content, holds = [], lacks = [] }: Exchange): void {
  answer.expect(status, code);
  for (const [name, expected] of Object.entries(fields ?? {})) {
    const actual = answer.headers[name];
    if (expected === null) expect([name, actual]).toEqual([name, undefined]);
    else if (expected instanceof RegExp) expect(actual).toMatch(expected);
    else expect([name, actual]).toEqual([name, expected]);
  }
  if (content === '') expect(answer.text).toBe('');
  else if (content !== undefined) expect(answer.json).toMatchObject(content as object);
  for (const text of holds) expect(answer.text).toContain(text);
  for (const text of lacks) expect(answer.text).not.toContain(text);
}

/** The exchange with ids in place of {E} and {X}, and tags in place of {v1}, {v2} … */
function filled(exchange: Exchange, names: Record<string, string>): Exchange {
  return fill(exchange, names) as Exchange;
}

/** The tag that an answer shows, under the name that later exchanges use for it. */
export function namedTag(shown = ''): Record<string, string> {
  const [, tag, version] = /^"((\d+)-\w+)"$/.exec(shown) ?? [];
  return tag === undefined ? {} : { [`v${version}`]: tag };
}

function fill(value: unknown, names: Record<string, string>): unknown {
  if (typeof value === 'string') return value.replaceAll(/\{([EX]|v\d)\}/g, (_, name: string) => named(names, name));
  if (Array.isArray(value)) return value.map((entry) => fill(entry, names));
  if (typeof value !== 'object' || value === null || value instanceof RegExp || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, fill(entry, names)]));
}

function named(names: Record<string, string>, name: string): string {
  const value = names[name];
  if (value === undefined) throw new Error(`No answer so far has shown {${name}}.`);
  return value;
}
