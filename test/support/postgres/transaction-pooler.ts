import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** AuthenticationOk, a made-up process id, and ReadyForQuery (PostgreSQL's protocol 3, section 54.7). */
const WELCOME = Buffer.concat([
  Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]),
  Buffer.from([0x4b, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1]),
  Buffer.from([0x5a, 0, 0, 0, 5, 0x49]),
]);

/** ReadyForQuery from the server: its type, and the state "not in a transaction". */
const READY = 0x5a;
const IDLE = 0x49;

/** A session of the server, opened when it is first needed, and the client that it is lent to. */
interface Session {
  upstream?: Socket;
  holder?: Socket;
}

/**
 * Lends sessions of a PostgreSQL server to many clients, for one transaction each and in rotation, as PgBouncer does with
 * `pool_mode = transaction` and `server_round_robin`. For simple queries only.
 */
export class TransactionPooler {
  private readonly sockets = new Set<Socket>();
  private startup: Buffer | undefined;
  /** Least recently used first. */
  private readonly idle: Session[];
  private readonly lent = new Map<Socket, Session>();
  private readonly waiting: [client: Socket, chunk: Buffer][] = [];

  private constructor(
    private readonly server: Server,
    private readonly serverPort: number,
    sessions: number,
  ) {
    this.idle = Array.from({ length: sessions }, () => ({}));
    server.on('connection', (client) => this.welcome(client));
  }

  static async start(serverPort: number, sessions: number): Promise<TransactionPooler> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TransactionPooler(server, serverPort, sessions);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private welcome(client: Socket): void {
    this.keep(client);
    client.once('data', (startup) => {
      this.startup ??= startup;
      client.write(WELCOME);
      client.on('data', (chunk) => this.take(client, chunk));
    });
    client.once('close', () => {
      const session = this.lent.get(client);
      if (!session) return;
      // Ends its transaction.
      session.upstream?.destroy();
      session.upstream = undefined;
      this.takeBack(session);
    });
  }

  private take(client: Socket, chunk: Buffer): void {
    const session = this.lent.get(client) ?? this.idle.shift();
    if (!session) return void this.waiting.push([client, chunk]);
    this.lent.set(client, session);
    session.holder = client;
    if (session.upstream) session.upstream.write(chunk);
    else this.connect(session, chunk);
  }

  private connect(session: Session, first: Buffer): void {
    const upstream = this.keep(connect(this.serverPort, '127.0.0.1'));
    session.upstream = upstream;
    upstream.write(this.startup!);
    let isWelcome = false;
    upstream.on('data', (answer) => {
      const isReady = answer.at(-6) === READY;
      if (isWelcome) {
        session.holder?.write(answer);
        if (isReady && answer.at(-1) === IDLE) this.takeBack(session);
      } else if (isReady) {
        isWelcome = true;
        upstream.write(first);
      }
    });
  }

  private takeBack(session: Session): void {
    if (session.holder) this.lent.delete(session.holder);
    session.holder = undefined;
    this.idle.push(session);
    const next = this.waiting.shift();
    if (next) this.take(...next);
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  }
}
