import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER = JSON.stringify({
  id: 'bolt-m8',
  name: 'Bolt M8',
  description: 'zinc plated',
  tags: ['steel', 'metric'],
  attributes: { thread: 'M8' },
  version: 1,
  createdAt: '2026-11-22T10:00:00.123Z',
  updatedAt: '2026-11-22T10:00:00.123Z',
});
const FIELDS = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(ANSWER) };

// What Node itself costs: a constant answer after the body of the request has been read.
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(request.method === 'POST' ? 201 : 200, FIELDS).end(ANSWER));
});
await once(server.listen(0, '127.0.0.1'), 'listening');
process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
