import { gzipSync } from 'node:zlib';

/** A request that tests spoil part by part, and send as bytes. */
export interface RawRequest {
  method: string;
  path: string;
  query: string;
  version: string;
  /** Values by field name; a field with several values is sent several times. */
  fields: Record<string, string | string[]>;
  text: string;
  /** How many bytes the text has with the spaces behind it. */
  paddedTo?: number;
  /** Packed with gzip, with a wrong checksum. */
  gzip?: 'broken';
  /** In chunks instead of with a Content-Length. */
  chunked?: boolean;
  /** Sent to a service that has no room for any answer, none for any body, or whose limits of requests are used up. */
  recipient?: 'crowded' | 'without room' | 'exhausted';
}

/** The bytes of a request after which the connection closes. A Content-Length among its fields wins. */
export function bytesOf({
  method,
  path,
  query,
  version,
  fields,
  text,
  paddedTo = 0,
  gzip,
  chunked,
}: RawRequest): Buffer {
  const padded = [Buffer.from(text), spaces(paddedTo - Buffer.byteLength(text))];
  const content = gzip ? [brokenGzip(Buffer.concat(padded))] : padded;
  const length = content.reduce((sum, part) => sum + part.length, 0);
  const coding = gzip ? { 'Content-Encoding': 'gzip' } : {};
  const framing = chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': String(length) };
  const lines = Object.entries({ ...coding, ...framing, Connection: 'close', ...fields }).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}`),
  );
  const head = [`${method} ${path}${query} ${version}`, ...lines, '', ''].join('\r\n');
  const [before, behind] = chunked ? [`${length.toString(16)}\r\n`, '\r\n0\r\n\r\n'] : ['', ''];
  return Buffer.concat([Buffer.from(head + before), ...content, Buffer.from(behind)]);
}

let manySpaces = Buffer.alloc(0);

// Kept, since to make a mebibyte of them for each request takes milliseconds.
function spaces(count: number): Buffer {
  if (manySpaces.length < count) manySpaces = Buffer.alloc(count, ' ');
  return manySpaces.subarray(0, Math.max(count, 0));
}

function brokenGzip(content: Buffer): Buffer {
  const bytes = gzipSync(content);
  // RFC 1952 §2.3.1: the checksum is eight bytes before the end.
  bytes.writeUInt32LE(~bytes.readUInt32LE(bytes.length - 8) >>> 0, bytes.length - 8);
  return bytes;
}
