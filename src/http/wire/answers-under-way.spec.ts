import { EventEmitter, once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { AnswersUnderWay } from './answers-under-way.js';

/** How many answers must be over before the second of two pipelined requests is carried out. */
async function aheadOfSecond(first: string, second: string): Promise<number> {
  const underWay = new AnswersUnderWay();
  const server = createServer();
  underWay.watch(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const responses: ServerResponse[] = [];
  const both = new Promise<void>((resolve) => {
    server.on('request', (_, response: ServerResponse) => void (responses.push(response) === 2 && resolve()));
  });
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const head = (method: string) => `${method} / HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  socket.write(head(first) + head(second));
  await both;
  const ahead = underWay.aheadOf(responses[1]!);
  socket.destroy();
  server.close();
  await once(server, 'close');
  return ahead.length;
}

describe('requests on one connection', () => {
  it.each([
    ['GET', 'QUERY', 0],
    ['QUERY', 'GET', 0],
    ['QUERY', 'DELETE', 1],
    ['DELETE', 'QUERY', 1],
  ])('%s, then %s: the second waits for %i answers', async (first, second, count) => {
    expect(await aheadOfSecond(first, second)).toBe(count);
  });
});

describe('packets full of requests, on many connections', () => {
  /** Brings two requests on each of so many connections. How many connections are read on behind them. */
  function readOn(underWay: AnswersUnderWay, server: EventEmitter, count: number): number {
    const sockets = Array.from({ length: count }, () => new EventEmitter());
    for (const socket of sockets) for (const _ of [1, 2]) server.emit('request', { socket }, new EventEmitter());
    const connections = new Map<unknown, { stopped: unknown }>(underWay.connections);
    return sockets.filter((socket) => connections.get(socket)!.stopped === undefined).length;
  }

  it('no more than 16 requests behind others begin in one turn of the event loop', async () => {
    const underWay = new AnswersUnderWay();
    const server = new EventEmitter();
    underWay.watch(server as Server);
    expect(readOn(underWay, server, 40)).toBe(16);
    expect(readOn(underWay, server, 40)).toBe(0);
    await nextTurn();
    expect(readOn(underWay, server, 40)).toBe(16);
  });
});
