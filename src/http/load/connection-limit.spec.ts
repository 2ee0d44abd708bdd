import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { ConnectionLimit, connectionsFor } from './connection-limit.js';

describe('connectionsFor', () => {
  it.each([
    [1_048_576, 1_048_476],
    [1_024, 924],
    [200, 100],
    [61, 31],
  ])('of %i open files %i may be connections', (openFiles, connections) => {
    expect(connectionsFor(openFiles)).toBe(connections);
  });
});

describe('ConnectionLimit', () => {
  it('closes connections beyond it, and says so once a minute', async () => {
    const lines: unknown[] = [];
    const clock = { now: 0 };
    const logger = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) });
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    new ConnectionLimit(logger, () => clock.now).watch(server, 4);
    const { port } = server.address() as AddressInfo;
    const sockets: Socket[] = [];
    const open = async () => {
      const socket = connect(port, '127.0.0.1');
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    };
    for (let n = 0; n < 2; n += 1) {
      void open();
      await once(server, 'connection');
    }
    for (const at of [0, 1, 59_999, 60_000]) {
      clock.now = at;
      const [socket] = await Promise.all([open(), once(server, 'drop')]);
      await once(socket.resume(), 'close');
    }
    expect(lines).toMatchObject([
      { connections: 2, closed: 1 },
      { connections: 2, closed: 3 },
    ]);
    for (const socket of sockets) socket.destroy();
    server.close();
  });
});
