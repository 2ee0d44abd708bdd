import { promisify } from 'node:util';
import { gunzip, type Gunzip, type InputType, type ZlibOptions } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { bodyTooLarge, malformedGzip } from './body.problems.js';

type Unzip = (bytes: InputType, options: ZlibOptions & { info: true }) => Promise<{ buffer: Buffer; engine: Gunzip }>;

const unzip = promisify(gunzip) as unknown as Unzip;

/**
 * Unpacks gzip bodies (RFC 1952), one after the other: a kilobyte may become a megabyte, and its head does not tell.
 */
@Injectable()
export class Unpacker {
  private last: Promise<unknown> = Promise.resolve();

  /** The unpacked body, of at most this size. Problems: malformedGzip (400), bodyTooLarge (413). */
  async unpack(bytes: Buffer, limitBytes: number): Promise<Buffer> {
    const mine = this.last.then(() => unzip(bytes, { maxOutputLength: limitBytes, info: true }));
    this.last = mine.catch(() => undefined);
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
}
