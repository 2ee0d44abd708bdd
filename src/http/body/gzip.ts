import { promisify } from 'node:util';
import { gunzip, type Gunzip, type InputType, type ZlibOptions } from 'node:zlib';
import { bodyTooLarge, malformedGzip } from './body.problems.js';

type Unzip = (bytes: InputType, options: ZlibOptions & { info: true }) => Promise<{ buffer: Buffer; engine: Gunzip }>;

const unzip = promisify(gunzip) as unknown as Unzip;

let unpacking: Promise<unknown> = Promise.resolve();

/**
 * Content that was sent with gzip (RFC 1952), as it was before; it is unpacked no further than the limit, and one content
 * after the other: a kilobyte becomes a megabyte, of which nobody knows before.
 * Problems: malformedGzip (400), bodyTooLarge (413).
 */
export async function fromGzip(bytes: Buffer, limitBytes: number): Promise<Buffer> {
  const mine = unpacking.then(() => unzip(bytes, { maxOutputLength: limitBytes, info: true }));
  unpacking = mine.catch(() => undefined);
  const { buffer, engine } = await mine.catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw bodyTooLarge(limitBytes);
    // Z_DATA_ERROR, Z_BUF_ERROR … of zlib.
    if (code?.startsWith('Z_')) throw malformedGzip();
    throw error;
  });
  // Node leaves out what stands behind the last member in silence.
  if (engine.bytesWritten !== bytes.length) throw malformedGzip();
  return buffer;
}
