import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HeadJudge, type Check } from './head-judge.js';

const reply = { header: () => reply } as unknown as FastifyReply;

/** What is said of a request at the end of the call, and later. */
async function judged(checks: Check[]) {
  const raw = { headers: {}, rawHeaders: [], socket: new EventEmitter() };
  const request = { raw, headers: {}, routeOptions: { config: {} }, is404: true } as unknown as FastifyRequest;
  const verdicts: (Error | undefined)[] = [];
  new HeadJudge(checks).judge(request, reply, (refusal) => verdicts.push(refusal));
  const atOnce = [...verdicts];
  await new Promise(setImmediate);
  return { atOnce, verdicts };
}

describe('HeadJudge', () => {
  const refusal = new Error('refused');
  const pass = () => undefined;
  const fail = () => {
    throw refusal;
  };

  it('goes straight through where no check waits', async () => {
    expect(await judged([pass, pass])).toEqual({ atOnce: [undefined], verdicts: [undefined] });
    expect(await judged([pass, fail, pass])).toEqual({ atOnce: [refusal], verdicts: [refusal] });
  });

  it('runs the checks behind one that waits when it is done, in their order', async () => {
    const seen: string[] = [];
    const check = (name: string) => () => void seen.push(name);
    const wait = async () => {
      await Promise.resolve();
      seen.push('waited');
    };
    expect(await judged([check('before'), wait, check('behind')])).toEqual({ atOnce: [], verdicts: [undefined] });
    expect(seen).toEqual(['before', 'waited', 'behind']);
  });

  it('refuses once, by the first that fails', async () => {
    expect(await judged([() => Promise.reject(refusal), fail])).toEqual({ atOnce: [], verdicts: [refusal] });
    expect(await judged([() => Promise.resolve(), fail, fail])).toEqual({ atOnce: [], verdicts: [refusal] });
  });
});
