import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { SMALL_ANSWER_BYTES } from '../../../src/http/wire/connection-share.js';
import { bearer, KEYS } from '../access/known-keys.js';
import type { Mend } from '../database/faults.js';
import { withCredential } from '../access/default-access.js';
import type { TestApp } from '../test-app.js';

/** MAX_ANSWER_BYTES so small that a few requests take all of it. */
export const LITTLE_ROOM_BYTES = 8 * SMALL_ANSWER_BYTES;

/** A request whose body never comes. With AUTH=off its key is ignored. */
const UNFINISHED =
  `PUT /items/never HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${bearer(KEYS.all)}\r\n` +
  'Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{';

/** The requests that take all room. */
export const CROWD = LITTLE_ROOM_BYTES / SMALL_ANSWER_BYTES;

/** Takes all room for answers of a service that has LITTLE_ROOM_BYTES, until mended. */
export async function crowd({ api }: TestApp): Promise<Mend> {
  const others = await openConnections(api.url, CROWD, UNFINISHED);
  while ((await api.get('/example')).status === 200);
  return async () => {
    for (const other of others) other.destroy();
    while ((await api.get('/example')).status !== 200);
  };
}

/** Opens connections that each send this and never read the answer. */
export async function openConnections(url: string, count: number, sent: string | Buffer): Promise<Socket[]> {
  const { hostname, port } = new URL(url);
  const bytes = withCredential(url, sent);
  const sockets = Array.from({ length: count }, () => connect({ host: hostname, port: Number(port) }));
  await Promise.all(
    sockets.map(async (socket) => {
      socket.on('error', () => undefined).pause();
      await once(socket, 'connect');
      socket.write(bytes);
    }),
  );
  return sockets;
}
