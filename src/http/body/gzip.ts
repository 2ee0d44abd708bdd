import { promisify } from 'node:util';
import { gunzip, type Gunzip, type InputType, type ZlibOptions } from 'node:zlib';
import { bodyTooLarge, malformedGzip } from './body.problems.js';

type Unzip = (bytes: InputType, options: ZlibOptions & { info: true }) => Promise<{ buffer: Buffer; engine: Gunzip }>;

const unzip = promisify(gunzip) as unknown as Unzip;

let unpacking: Promise<unknown> = Promise.resolve();

/**
 * Unpacks a gzip body (RFC 1952), at most to the limit. Bodies are unpacked one after the other: a kilobyte may become a
 * megabyte, and its head does not tell. Problems: malformedGzip (400), bodyTooLarge (413).
 */
export async function fromGzip(bytes: Buffer, limitBytes: number): Promise<Buffer> {
  const mine = unpacking.then(() => unzip(bytes, { maxOutputLength: limitBytes, info: true }));
  unpacking = mine.catch(() => undefined);
  const { buffer, engine } = await mine.catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw bodyTooLarge(limitBytes);
    // zlib's Z_DATA_ERROR, Z_BUF_ERROR and so on.
    if (code?.startsWith('Z_')) throw malformedGzip();
    throw error;
  });
  // Node silently ignores bytes behind the last gzip member.
  if (engine.bytesWritten !== bytes.length) throw malformedGzip();
  return buffer;
}
