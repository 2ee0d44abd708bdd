import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { HostCheck } from './host-check.js';

describe('HostCheck', () => {
  it('remembers a bounded number of spellings, and accepts all others too', () => {
    const check = new HostCheck({ auth: 'off', host: '127.0.0.1', publicUrl: undefined, allowedHosts: [] });
    for (let port = 1; port <= 1_000; port += 1) {
      const request = { originalUrl: '/', headers: { host: `localhost:${port}` }, route: {} };
      expect(() => check.check(request as unknown as FastifyRequest)).not.toThrow();
    }
    const { accepted } = check as unknown as { accepted: Set<string> };
    expect(accepted.size).toBe(64);
  });
});
