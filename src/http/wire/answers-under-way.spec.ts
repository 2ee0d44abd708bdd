import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
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
