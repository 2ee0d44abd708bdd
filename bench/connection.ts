import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * One persistent connection with one request at a time. It understands only a status and a Content-Length. A load generator
 * for all of HTTP takes longer for a request than the raw server for its answer: the benchmark would measure the generator.
 */
export class Connection {
  private received = '';

  private constructor(private readonly socket: Socket) {}

  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket.setEncoding('latin1'), 'connect');
    return new Connection(socket);
  }

  /**
   * Sends one request after the other while `hasNext`, then closes. Returns their number. Error: an answer has another status,
   * or none came.
   */
  async ask(hasNext: () => boolean, next: () => string, status: number): Promise<number> {
    let answers = 0;
    await this.exchange(hasNext, next, (answer) => {
      if (!answer.startsWith(`HTTP/1.1 ${status} `)) throw new Error(`Expected ${status}, but got ${answer}`);
      answers += 1;
    });
    return answers;
  }

  /** The same for any answers, which are handed to `take`. Error: `take` threw it, or no answer came. */
  async exchange(hasNext: () => boolean, next: () => string, take: (answer: string) => void): Promise<void> {
    try {
      await new Promise<void>((resolve, reject) => {
        const send = () => (hasNext() ? this.socket.write(next(), 'latin1') : resolve());
        this.socket.on('data', (text: string) => {
          this.received += text;
          if (!isWhole(this.received)) return;
          const answer = this.received;
          this.received = '';
          try {
            take(answer);
          } catch (error) {
            reject(error);
            return;
          }
          send();
        });
        this.socket.on('error', reject).on('close', () => reject(new Error('The server closed the connection')));
        send();
      });
    } finally {
      this.socket.destroy();
    }
  }
}

/** Whether an answer is complete. One without Content-Length counts as having length 0. */
function isWhole(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text)?.[1] ?? 0;
  return head !== -1 && text.length >= head + 4 + Number(length);
}
