import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Where a connection is cut, seen from the client. */
export interface Cut {
  /** Names of the prepared statements whose next message or answer is lost, or beginnings of texts of others. */
  statements: string[];
  /** The message never arrives; or its answer is lost and the connection closes; or only its answer is lost. */
  lost: 'message' | 'answer' | 'answer in silence';
  /** How often, one connection each. */
  times: number;
  /** Whether further connections are refused. */
  refuses?: boolean;
}

/** A proxy before a PostgreSQL server that loses what it is told to lose. */
export class CuttingProxy {
  private readonly sockets = new Set<Socket>();
  private cut: Cut | undefined;
  private isRefusing = false;

  private constructor(
    private readonly server: Server,
    private readonly serverPort: number,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  static async start(serverPort: number): Promise<CuttingProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CuttingProxy(server, serverPort);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  cutNext(cut: Cut): void {
    this.cut = cut;
  }

  /** Loses nothing more, and accepts connections again. */
  mend(): void {
    this.cut = undefined;
    this.isRefusing = false;
  }

  async close(): Promise<void> {
    this.server.close();
    this.dropAll();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    if (this.isRefusing) {
      client.destroy();
      return;
    }
    const upstream = connect(this.serverPort, '127.0.0.1');
    let losing: Cut | undefined;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      this.sockets.add(socket.on('error', end));
      socket.on('close', () => {
        this.sockets.delete(socket);
        end();
      });
    }
    client.on('data', (chunk) => {
      losing ??= this.takeCut(chunk);
      if (losing?.lost === 'message') this.lose(losing, end);
      else upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!losing) client.write(chunk);
      else if (losing.lost === 'answer') this.lose(losing, end);
    });
  }

  private takeCut(chunk: Buffer): Cut | undefined {
    const { cut } = this;
    if (!cut || cut.times === 0 || !cut.statements.some((name) => isIn(chunk, name))) return undefined;
    this.cut = { ...cut, times: cut.times - 1 };
    return cut;
  }

  private lose({ refuses = false }: Cut, end: () => void): void {
    this.isRefusing = refuses;
    if (refuses) this.dropAll();
    else end();
  }

  /** Cuts every connection. */
  dropAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}

/** Whether a message has a statement: its name ends with a zero, a text goes on. */
function isIn(chunk: Buffer, statement: string): boolean {
  return chunk.includes(statement.includes(' ') ? statement : `${statement}\0`);
}
