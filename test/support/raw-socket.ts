import { connect } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';
import { Answer } from './answer.js';

/** How long the service may leave the connection open, in milliseconds. */
const CLOSE_TIMEOUT_MS = 10_000;

/**
 * Writes bytes that node:http would not send and returns every answer on the connection, in order. The service must
 * close it in the end, so a message that leaves it open says `Connection: close`. For messages whose answers have content
 * with a Content-Length, or none.
 */
export async function sendRaw(url: string, ...parts: (string | Buffer)[]): Promise<Answer[]> {
  const { hostname, port } = new URL(url);
  const received = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) });
    socket.setTimeout(CLOSE_TIMEOUT_MS, () => socket.destroy(new Error('The service did not close the connection')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
    for (const part of parts) socket.write(part);
  });
  return answersIn(received, String(parts[0]).slice(0, 60));
}

function answersIn(received: Buffer, sent: string): Answer[] {
  const answers: Answer[] = [];
  for (let rest = received; rest.length > 0;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) throw new Error(`No HTTP answer: ${rest.toString('latin1')}`);
    const [statusLine = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const fields = lines.map((line): [string, string] => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]);
    const headers: IncomingHttpHeaders = Object.fromEntries(fields);
    const next = end + 4 + Number(headers['content-length'] ?? 0);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    answers.push(
      new Answer({ method: 'raw', target: JSON.stringify(sent) }, status, headers, rest.subarray(end + 4, next)),
    );
    rest = rest.subarray(next);
  }
  return answers;
}
