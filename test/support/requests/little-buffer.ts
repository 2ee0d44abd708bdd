import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestApp } from '../test-app.js';

/** Both ends of a connection to the service. */
export interface LittleBuffer {
  client: Socket;
  served: Socket;
  close(this: void): Promise<void>;
}

/**
 * A connection to the service over a Unix domain socket, for which the system buffers 200 KB. For TCP on one machine it
 * buffers megabytes, in steps of one.
 */
export async function connectWithLittleBuffer({ app }: TestApp): Promise<LittleBuffer> {
  const folder = await mkdtemp(join(tmpdir(), 'items-slow-'));
  const http = app.getHttpServer() as Server;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    // Only TCP has a reset.
    Object.assign(socket, { server: http, resetAndDestroy: () => socket.destroy() });
    http.emit('connection', socket);
  }).listen(join(folder, 'socket'));
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect(join(folder, 'socket')).on('error', () => undefined);
  const [served] = await accepted;
  const close = async () => {
    client.destroy();
    server.close();
    await rm(folder, { recursive: true });
  };
  return { client, served, close };
}
