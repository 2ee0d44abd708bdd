import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Unpacker } from './unpacker.js';

const LIMIT_BYTES = 1_048_576;
const LARGE = gzipSync(Buffer.alloc(LIMIT_BYTES));
const SMALL = gzipSync('small');

describe('Unpacker', () => {
  it('unpacks one body after the other, also behind a broken one', async () => {
    const unpacker = new Unpacker();
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    await Promise.all([
      unpacker.unpack(LARGE, LIMIT_BYTES).then(note('large')),
      unpacker.unpack(Buffer.from('broken'), LIMIT_BYTES).catch(note('broken')),
      unpacker.unpack(SMALL, LIMIT_BYTES).then(note('small')),
    ]);
    expect(order).toEqual(['large', 'broken', 'small']);
  });

  it('does not wait for the bodies of another service in the same process', async () => {
    const [busy, other] = [new Unpacker(), new Unpacker()];
    const order: string[] = [];
    const large = Array.from({ length: 20 }, () => busy.unpack(LARGE, LIMIT_BYTES));
    await Promise.all([
      large.at(-1)?.then(() => order.push('the last of 20')),
      other.unpack(SMALL, LIMIT_BYTES).then(() => order.push('other')),
    ]);
    expect(order).toEqual(['other', 'the last of 20']);
  });
});
