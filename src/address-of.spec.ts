import type { lookup } from 'node:dns/promises';
import { describe, expect, it } from '@jest/globals';
import { addressOf } from './address-of.js';
import { ConfigError } from './config/config.js';

const leadingTo = (address: string) => (() => Promise.resolve({ address, family: 4 })) as unknown as typeof lookup;

describe('addressOf', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1'])('localhost may lead to %s', async (address) => {
    expect(await addressOf('localhost', leadingTo(address))).toBe(address);
  });

  it.each(['192.0.2.1', '0.0.0.0', '::', '::ffff:192.0.2.1'])('localhost may not lead to %s', async (address) => {
    const refusal = addressOf('LocalHost', leadingTo(address));
    await expect(refusal).rejects.toBeInstanceOf(ConfigError);
    await expect(refusal).rejects.toThrow(`HOST=LocalHost leads to ${address}, which is not loopback`);
  });

  it('any other name may lead anywhere: it was not taken for loopback', async () => {
    expect(await addressOf('items.internal', leadingTo('192.0.2.1'))).toBe('192.0.2.1');
  });

  it('asks the system', async () => {
    expect(await addressOf('127.0.0.1')).toBe('127.0.0.1');
  });
});
