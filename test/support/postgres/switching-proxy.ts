import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy before PostgreSQL servers: it leads to one of them, or swallows what it gets. */
export class SwitchingProxy {
  private readonly sockets = new Set<Socket>();
  private isSwallowing = false;
  /** Counts the times it began to swallow: connections from before never work again. */
  private times = 0;

  private constructor(
    private readonly server: Server,
    private serverPort: number,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  static async start(serverPort: number): Promise<SwitchingProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SwitchingProxy(server, serverPort);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts every connection, and leads further ones to another server. */
  switchTo(serverPort: number): void {
    this.serverPort = serverPort;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Passes nothing on and says nothing, as a network that loses all packets. Connections are accepted. */
  swallow(): void {
    this.isSwallowing = true;
    this.times += 1;
  }

  /** Serves new connections again. Those from before stay silent. */
  mend(): void {
    this.isSwallowing = false;
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    const since = this.times;
    const upstream = this.isSwallowing ? undefined : connect(this.serverPort, '127.0.0.1');
    const ends = upstream ? [client, upstream] : [client];
    for (const socket of ends) {
      this.sockets.add(socket.on('error', () => undefined));
      socket.on('close', () => {
        this.sockets.delete(socket);
        if (since === this.times) for (const other of ends) other.destroy();
      });
    }
    client.on('data', (chunk) => void (since === this.times && upstream?.write(chunk)));
    upstream?.on('data', (chunk) => void (since === this.times && client.write(chunk)));
  }
}
