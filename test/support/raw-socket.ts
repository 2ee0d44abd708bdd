import { once } from 'node:events';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Answer } from './answer.js';
import { withCredential } from './access/default-access.js';

/** How long the service may leave the connection open, in milliseconds. */
const CLOSE_TIMEOUT_MS = 50_000;

/** A tuple of `Count` answers; a list if the number is not a literal. */
export type Answers<Count extends number, Sofar extends Answer[] = []> = number extends Count
  ? Answer[]
  : Sofar['length'] extends Count
    ? Sofar
    : Answers<Count, [...Sofar, Answer]>;

/**
 * Writes bytes that node:http would not send, and returns the answers on the connection in order. Fails unless there are
 * exactly `count`, where an interim answer such as 100 counts too. The service must close the connection in the end, so a
 * message that would leave it open says `Connection: close`. The bodies of the answers must have a Content-Length.
 */
export async function sendRaw<Count extends number>(
  url: string,
  count: Count,
  ...parts: (string | Buffer)[]
): Promise<Answers<Count>> {
  const sent = parts.map((part) => withCredential(url, part));
  return exchange(url, count, sent, (socket) => sent.forEach((part) => socket.write(part)));
}

/**
 * Does the same, but writes each part only after the service has read those before it. A function among the parts is called
 * and waited for in its place.
 */
export async function sendApart<Count extends number>(
  server: Server,
  count: Count,
  ...steps: (string | (() => Promise<unknown>))[]
): Promise<Answers<Count>> {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const sent = steps.map((step) => (typeof step === 'string' ? (withCredential(url, step) as string) : step));
  const parts = sent.filter((one) => typeof one === 'string');
  return exchange(url, count, parts, async (socket) => {
    const [end] = await accepted;
    let bytes = 0;
    for (const part of sent) {
      if (typeof part === 'function') {
        await part();
        continue;
      }
      socket.write(part, 'latin1');
      bytes += part.length;
      while (end.bytesRead < bytes && !end.destroyed) await nextTurn();
    }
  });
}

async function exchange<Count extends number>(
  url: string,
  count: Count,
  parts: (string | Buffer)[],
  write: (socket: Socket) => void | Promise<void>,
): Promise<Answers<Count>> {
  const { hostname, port } = new URL(url);
  const received = await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port) });
    socket.setTimeout(CLOSE_TIMEOUT_MS, () => socket.destroy(new Error('The service did not close the connection')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
    Promise.resolve(write(socket)).catch(reject);
  });
  const answers = answersIn(received, joined(parts));
  if (answers.length !== count) {
    throw new Error(`expected ${count} answers, but there were ${answers.length}:\n${received.toString('latin1')}`);
  }
  return answers as Answers<Count>;
}

// A message of megabytes is not copied.
function joined(parts: (string | Buffer)[]): Buffer {
  const [one = Buffer.alloc(0), ...more] = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  return more.length === 0 ? one : Buffer.concat([one, ...more]);
}

function answersIn(received: Buffer, sent: Buffer): Answer[] {
  const answers: Answer[] = [];
  const requests = requestsIn(sent);
  for (let rest = received; rest.length > 0;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) throw new Error(`No HTTP answer: ${rest.toString('latin1')}`);
    const [statusLine = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const fields = lines.map((line): [string, string] => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]);
    const headers: IncomingHttpHeaders = Object.fromEntries(fields);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    const request = requests[finals(answers).length] ?? NOBODY;
    const length = request.method === 'HEAD' ? 0 : Number(headers['content-length'] ?? 0);
    const next = end + 4 + length;
    if (rest.length < next) throw new Error(`An incomplete answer: ${rest.toString('latin1')}`);
    answers.push(new Answer(request, status, headers, rest.subarray(end + 4, next)));
    rest = rest.subarray(next);
  }
  return answers;
}

const NOBODY = { method: 'raw', target: '*' };

function finals(answers: Answer[]): Answer[] {
  return answers.filter(({ status }) => status >= 200);
}

/** In bytes. A regular expression runs out of stack on megabytes without a space. */
const LONGEST_LINE = 65_536;

/** Method and target of the requests, in order, up to the first that can't be told apart. */
function requestsIn(sent: Buffer): { method: string; target: string }[] {
  const requests: { method: string; target: string }[] = [];
  for (let rest = sent; ;) {
    const [, method, target] =
      /^([A-Za-z]+) (\S+) HTTP\/\d/.exec(rest.subarray(0, LONGEST_LINE).toString('latin1')) ?? [];
    if (method === undefined || target === undefined) return requests;
    requests.push({ method, target });
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return requests;
    const length = Number(/^content-length: *(\d+)/im.exec(rest.subarray(0, end).toString('latin1'))?.[1] ?? 0);
    rest = rest.subarray(end + 4 + length);
    // Of chunked bodies only the empty one is understood.
    if (rest.subarray(0, NO_CHUNKS.length).equals(NO_CHUNKS)) rest = rest.subarray(NO_CHUNKS.length);
  }
}

const NO_CHUNKS = Buffer.from('0\r\n\r\n');
