import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a relay does with a connection: passes it on, takes a request and stays silent, or takes one and hangs up. */
type Manner = 'pass' | 'silent' | 'hangs up';

/** A relay between a proxy and the service, which counts connections and can behave like a faulty service. */
export class Relay {
  /** How many connections the proxy has made. */
  connections = 0;
  manner: Manner = 'pass';
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly servicePort: number,
  ) {
    server.on('connection', (socket) => this.join(socket));
  }

  static async start(servicePort: number): Promise<Relay> {
    // An early answer closes one half of a connection, while the proxy still sends.
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Relay(server, servicePort);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Behaves like this on new connections from now on. Cuts the others. */
  behave(manner: Manner): void {
    this.manner = manner;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Refuses connections from now on. */
  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private join(socket: Socket): void {
    this.connections += 1;
    this.keep(socket);
    if (this.manner === 'hangs up') socket.once('data', () => socket.destroy());
    if (this.manner !== 'pass') return;
    const service = connect({ port: this.servicePort, host: '127.0.0.1', allowHalfOpen: true });
    this.keep(service);
    socket.pipe(service).pipe(socket);
    socket.once('close', () => service.destroy());
    service.once('close', () => socket.destroy());
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.sockets.delete(socket));
  }
}
