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
  /** Packed with gzip, with a wrong checksum. */
  gzip?: 'broken';
  /** In chunks instead of with a Content-Length. */
  chunked?: boolean;
  /** Sent to a service that has no room for any answer, none for any body, or whose limits of requests are used up. */
  recipient?: 'crowded' | 'without room' | 'exhausted';
}

/** The bytes of a request after which the connection closes. A Content-Length among its fields wins. */
export function bytesOf({ method, path, query, version, fields, text, gzip, chunked }: RawRequest): Buffer {
  const content = gzip ? brokenGzip(text) : Buffer.from(text);
  const coding = gzip ? { 'Content-Encoding': 'gzip' } : {};
  const framing = chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': String(content.length) };
  const lines = Object.entries({ ...coding, ...framing, Connection: 'close', ...fields }).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}`),
  );
  const head = [`${method} ${path}${query} ${version}`, ...lines, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), chunked ? inOneChunk(content) : content]);
}

function brokenGzip(text: string): Buffer {
  const bytes = gzipSync(text);
  // RFC 1952 §2.3.1: the checksum is eight bytes before the end.
  bytes.writeUInt32LE(~bytes.readUInt32LE(bytes.length - 8) >>> 0, bytes.length - 8);
  return bytes;
}

function inOneChunk(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n0\r\n\r\n')]);
}
