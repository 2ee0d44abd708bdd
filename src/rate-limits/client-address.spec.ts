import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { ADDRESS_RANGES } from '../config/settings/trusted-proxies.js';
import { ClientAddress } from './client-address.js';

const trusting = (proxies: string) => new ClientAddress({ trustedProxies: ADDRESS_RANGES.parse(proxies) ?? [] });
const sent = (remoteAddress: string, headers: object = {}) =>
  ({ raw: { socket: { remoteAddress } }, headers }) as unknown as FastifyRequest;
const of = (headers: object, peer = '10.0.0.1') => trusting('10.0.0.0/8,2001:db8:1::/48').of(sent(peer, headers));

describe('the address of a client', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8::1:2:3:4', '2001:db8::/64'],
    ['2001:db8:0:0:ffff::1', '2001:db8::/64'],
    ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
  ])('%s counts as %s', (peer, expected) => {
    expect(trusting('10.0.0.0/8').of(sent(peer))).toBe(expected);
  });

  it('is that of a sender who is not trusted, whatever it says', () => {
    const headers = { forwarded: 'for=198.51.100.1', 'x-forwarded-for': '198.51.100.1' };
    expect(of(headers, '192.0.2.1')).toBe('192.0.2.1');
    expect(trusting('10.0.0.1').of(sent('10.0.0.2', headers))).toBe('10.0.0.2');
    expect(new ClientAddress({ trustedProxies: [] }).of(sent('10.0.0.1', headers))).toBe('10.0.0.1');
  });

  it.each([
    [{ 'x-forwarded-for': '198.51.100.1' }, '198.51.100.1'],
    [{ 'x-forwarded-for': '203.0.113.9, 198.51.100.1' }, '198.51.100.1'],
    [{ 'x-forwarded-for': '203.0.113.9, 198.51.100.1, 10.0.0.2' }, '198.51.100.1'],
    [{ 'x-forwarded-for': '198.51.100.1:4711' }, '198.51.100.1'],
    [{ 'x-forwarded-for': '[2001:db8:2::1]:4711' }, '2001:db8:2::/64'],
    [{ 'x-forwarded-for': '2001:db8:2::1' }, '2001:db8:2::/64'],
    [{ 'x-forwarded-for': 'unknown' }, '10.0.0.1'],
    [{ 'x-forwarded-for': '198.51.100.1, nonsense, 10.0.0.2' }, '10.0.0.2'],
    [{ 'x-forwarded-for': '' }, '10.0.0.1'],
    [{ forwarded: 'for=198.51.100.1' }, '198.51.100.1'],
    [{ forwarded: 'proto=https;FOR="[2001:db8:2::1]:443";by=10.0.0.1' }, '2001:db8:2::/64'],
    [{ forwarded: 'for=203.0.113.9, for="198.51.100.1:80";host="a,b;for=1.2.3.4"' }, '198.51.100.1'],
    [{ forwarded: 'for=198.51.100.1, for=_hidden, for=10.0.0.2' }, '10.0.0.2'],
    [{ forwarded: 'for=unknown' }, '10.0.0.1'],
    [{ forwarded: 'before=198.51.100.1' }, '10.0.0.1'],
    [{ forwarded: 'for=198.51.100.1', 'x-forwarded-for': '198.51.100.1' }, '198.51.100.1'],
  ])('after a trusted proxy that sends %j is %s', (headers, expected) => {
    expect(of(headers)).toBe(expected);
  });

  it('is that of the proxy if two fields name different clients: it passed one on unchecked', () => {
    expect(of({ forwarded: 'for=203.0.113.9', 'x-forwarded-for': '198.51.100.1' })).toBe('10.0.0.1');
  });

  it('is found in proxies of IPv6 too', () => {
    expect(of({ 'x-forwarded-for': '198.51.100.1' }, '2001:db8:1::5')).toBe('198.51.100.1');
  });
});
