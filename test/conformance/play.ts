import { expect } from '@jest/globals';
import type { Caller } from '../support/caller.js';
import type { Exchange } from './row.js';

/** Makes one exchange, and asserts all that it promises. */
export async function play(
  api: Caller,
  { send, headers, json, body, status, code, fields, content, holds = [], lacks = [] }: Exchange,
): Promise<void> {
  const [method = '', target = ''] = send.split(' ');
  const answer = (await api.call(method, target, { headers, json, body })).expect(status, code);
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

/** The exchange with ids in place of {E} and {X}. */
export function withIds(exchange: Exchange, ids: Record<string, string>): Exchange {
  return fill(exchange, ids) as Exchange;
}

function fill(value: unknown, ids: Record<string, string>): unknown {
  if (typeof value === 'string') return value.replaceAll(/\{([EX])\}/g, (_, name: string) => ids[name] ?? '');
  if (Array.isArray(value)) return value.map((entry) => fill(entry, ids));
  if (typeof value !== 'object' || value === null || value instanceof RegExp || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, fill(entry, ids)]));
}
