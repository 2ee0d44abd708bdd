import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AnswersUnderWay } from '../wire/answers-under-way.js';
import { comesOfStop } from '../wire/stopped-reading.js';
import { HeldConnections } from './held-connections.js';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const post = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody`;

// The server refuses what is not /free, and holds the connection at the time 0.
describe('HeldConnections', () => {
  let server: Server;
  let underWay: AnswersUnderWay;
  let held: HeldConnections;
  /** The paths of all requests that were read, in order. */
  let read: string[];
  const clients: Socket[] = [];
  /** The server's ends, in the order of their requests. */
  let ends: Socket[];

  beforeEach(async () => {
    read = [];
    ends = [];
    underWay = new AnswersUnderWay();
    held = new HeldConnections(underWay, 72_000);
    server = createServer((request, response) => {
      read.push(request.url ?? '');
      ends.push(request.socket);
      if (request.url === '/echo') return void request.pipe(response);
      if (request.url !== '/free') held.hold(request.socket, 0);
      response.end();
    });
    // Otherwise Node closes those that are held here, in real time.
    server.keepAliveTimeout = 0;
    underWay.watch(server);
    server.on('clientError', (error, socket) => {
      if (!comesOfStop(error as never, socket as Socket)) socket.destroy(error);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  /** A client that has an answer to its first request. */
  async function refusedClient(sent: string): Promise<Socket> {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    clients.push(client);
    client.write(sent);
    await once(client, 'data');
    return client;
  }

  /** Whatever was sent before it has been read when it is answered, unless it is held. */
  async function roundTrip(): Promise<void> {
    (await refusedClient(get('/free'))).destroy();
    read = read.filter((path) => path !== '/free');
  }

  const isRead = async (path: string) => {
    while (!read.includes(path)) await nextTurn();
  };

  it.each([
    ['GET', get('/first')],
    ['POST', post('/first')],
  ])('reads nothing more after a refused %s for a second', async (_, sent) => {
    const client = await refusedClient(sent);
    client.write(get('/second'));
    await roundTrip();
    held.letGo(999, 0);
    await roundTrip();
    expect(read).toEqual(['/first']);
    held.letGo(1_000, 0);
    await isRead('/second');
  });

  it.each(['at once', 'in pieces'])('loses nothing of what came %s in the meantime', async (how) => {
    const client = await refusedClient(get('/first'));
    const sent = `${post('/echo')}${post('/echo').replace('body', 'more')}${get('/last')}`;
    for (const piece of how === 'at once' ? [sent] : sent.split(/(?<=\n|bo)/)) {
      client.write(piece);
      await roundTrip();
    }
    expect(read).toEqual(['/first']);
    let received = '';
    client.on('data', (data) => (received += String(data)));
    held.letGo(1_000, 0);
    await isRead('/last');
    await roundTrip();
    expect(read).toEqual(['/first', '/echo', '/echo', '/last']);
    expect(received).toMatch(/body.*more/s);
  });

  it('lets as many go on as there is place for, the first first', async () => {
    const first = await refusedClient(get('/1'));
    const second = await refusedClient(get('/2'));
    first.write(get('/first'));
    second.write(get('/second'));
    held.letGo(1, 1);
    await isRead('/first');
    await roundTrip();
    expect(read).not.toContain('/second');
    held.letGo(1, 1);
    await isRead('/second');
  });

  it('lets one that was held again go on behind the others', async () => {
    for (const path of ['/1', '/2']) await refusedClient(get(path));
    held.hold(ends[0]!, 0);
    held.letGo(1, 1);
    expect(ends.map((end) => underWay.connections.get(end)?.isHeld)).toEqual([true, false]);
  });

  it('stops behind the next request of a packet with many', async () => {
    await refusedClient([1, 2, 3, 4, 5].map((n) => get(`/${n}`)).join(''));
    await roundTrip();
    expect(read).toEqual(['/1', '/2']);
    held.letGo(1_000, 0);
    await isRead('/4');
    await roundTrip();
    expect(read).toEqual(['/1', '/2', '/3', '/4']);
    held.letGo(2_000, 0);
    await isRead('/5');
  });

  it('lets a connection go on in time although an earlier one was held again', async () => {
    await refusedClient(get('/1'));
    const second = await refusedClient(get('/2'));
    held.hold(ends[0]!, 900);
    second.write(get('/second'));
    held.letGo(1_000, 0);
    await isRead('/second');
    expect(read).toEqual(['/1', '/2', '/second']);
  });

  it('lets the first go on if more are held than may be', async () => {
    held = new HeldConnections(underWay, 72_000, { perSecond: 100, mostHeld: 2 });
    for (const path of ['/1', '/2', '/3']) await refusedClient(get(path));
    expect(ends.map((end) => underWay.connections.get(end)?.isHeld)).toEqual([false, true, true]);
  });

  it('leaves all but the first to the next look then, also those that were held long enough', async () => {
    held = new HeldConnections(underWay, 72_000, { perSecond: 100, mostHeld: 3 });
    for (const path of ['/1', '/2', '/3', '/free']) await refusedClient(get(path));
    held.hold(ends[3]!, 5_000);
    expect(ends.map((end) => underWay.connections.get(end)?.isHeld)).toEqual([false, true, true, true]);
  });

  // Node would take one that is kept for an upgrade that nobody listens to.
  it('answers a request at once that asks for an upgrade', async () => {
    const client = await refusedClient(get('/1'));
    await roundTrip();
    client.write(get('/2').replace('\r\n\r\n', '\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'));
    const events = ['data', 'close'].map(async (event) => (await once(client, event), event));
    expect(await Promise.race(events)).toBe('data');
  });

  it.each([
    ['is destroyed', (_: Socket, end: Socket) => end.destroy()],
    ['is closed by the client', (client: Socket) => client.destroy()],
    ['is reset by the client', (client: Socket) => client.resetAndDestroy()],
  ])('keeps nothing of one that %s', async (_, leave) => {
    held = new HeldConnections(underWay, 72_000, { perSecond: 1, mostHeld: 10_000 });
    for (let n = 0; n < 20; n += 1) await refusedClient(get(`/${n}`));
    expect(held.holdMs).toBe(10_000);
    const closed = ends.map((end) => new Promise<void>((resolve) => end.once('close', () => resolve())));
    for (const [n, client] of clients.entries()) leave(client, ends[n]!);
    await Promise.all(closed);
    expect(held.holdMs).toBe(1_000);
    expect(Reflect.get(held, 'until')).toHaveProperty('size', 0);
  });

  it('listens once to the close of one that is held again and again, and no longer when it goes on', async () => {
    await refusedClient(get('/1'));
    const [end] = ends as [Socket];
    const before = end.listenerCount('close');
    for (let n = 0; n < 20; n += 1) held.hold(end, 0);
    expect(end.listenerCount('close')).toBe(before);
    held.letGo(1_000, 0);
    expect(end.listenerCount('close')).toBe(before - 1);
  });

  it('holds each the longer the more are held, up to ten seconds, so that few go on in each second', async () => {
    held = new HeldConnections(underWay, 72_000, { perSecond: 1, mostHeld: 100 });
    const holdsMs: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      holdsMs.push(held.holdMs);
      await refusedClient(get(`/${n}`));
    }
    expect(holdsMs).toEqual([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10].map((seconds) => seconds * 1_000));
    const heldAt = (nowMs: number) => {
      held.letGo(nowMs, 0);
      return ends.filter((end) => underWay.connections.get(end)?.isHeld).length;
    };
    const looks = [999, 1_000, 1_999, 2_000, 9_999, 10_000];
    expect(looks.map(heldAt)).toEqual([12, 10, 10, 9, 2, 0]);
  });

  it('lets one go on that was held later for less time', async () => {
    held = new HeldConnections(underWay, 72_000, { perSecond: 1, mostHeld: 100 });
    for (const path of ['/1', '/2', '/3', '/4']) await refusedClient(get(path));
    held.letGo(0, 2);
    held.hold(ends[0]!, 0);
    held.letGo(2_000, 0);
    expect(ends.map((end) => underWay.connections.get(end)?.isHeld)).toEqual([false, false, false, true]);
  });

  it('does not hold a connection that the answer closes, nor any longer for it', async () => {
    held = new HeldConnections(underWay, 72_000, { perSecond: 0.5, mostHeld: 100 });
    const client = await refusedClient(get('/last').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await once(client, 'close');
    expect(read).toEqual(['/last']);
    expect(held.holdMs).toBe(1_000);
  });

  it('a held connection counts as idle, so a server that closes does not wait for it', async () => {
    const client = await refusedClient(get('/first'));
    await roundTrip();
    server.close();
    server.closeIdleConnections();
    await once(client, 'close');
    expect(read).toEqual(['/first']);
  });

  it('holds a connection for less than the time after which it counts as idle', async () => {
    held = new HeldConnections(underWay, 100);
    const client = await refusedClient(get('/first'));
    client.write(get('/second'));
    held.letGo(49, 0);
    await roundTrip();
    expect(read).toEqual(['/first']);
    held.letGo(50, 0);
    await isRead('/second');
  });
});
