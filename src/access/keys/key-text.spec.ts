import { describe, expect, it } from '@jest/globals';
import { idIn, isKeyText, isWhole, KEY_LENGTH, KEY_PREFIX, newId, newKey } from './key-text.js';

const key = newKey('0a1b2c3d4e');

/** All characters that can stand in a field. */
const VISIBLE = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at));

describe('the text of a key', () => {
  it('is the prefix, the id, 256 bits and a checksum, in characters of a b64token', () => {
    expect(key).toMatch(/^items_0a1b2c3d4e_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}$/);
    expect(key).toHaveLength(KEY_LENGTH);
    expect({ id: idIn(key), isKey: isKeyText(key), isWhole: isWhole(key) }).toEqual({
      id: '0a1b2c3d4e',
      isKey: true,
      isWhole: true,
    });
  });

  it('differs each time, ids too', () => {
    const keys = Array.from({ length: 1_000 }, () => newKey(newId()));
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(keys.map(idIn)).size).toBe(keys.length);
    expect(keys.filter((one) => !isWhole(one))).toEqual([]);
  });

  // Scanners check it too, so it must not change.
  it('has the CRC-32 of all before it as its checksum, in base 62', () => {
    expect(isWhole('items_0123456789_0000000000000000000000000000000000000000000_4tvNJ2')).toBe(true);
  });

  it('is not whole with any one character mistyped', () => {
    const mistyped = [...key].flatMap((right, at) =>
      VISIBLE.filter((wrong) => wrong !== right).map((wrong) => key.slice(0, at) + wrong + key.slice(at + 1)),
    );
    expect(mistyped).toHaveLength(KEY_LENGTH * 93);
    expect(mistyped.filter(isWhole)).toEqual([]);
  });

  it('is not whole with any two neighbours swapped', () => {
    for (let tries = 0; tries < 100; tries += 1) {
      const one = newKey(newId());
      const swapped = [...one].map((_, at) => one.slice(0, at) + (one[at + 1] ?? '') + one[at] + one.slice(at + 2));
      expect(swapped.filter((other) => other !== one && isWhole(other))).toEqual([]);
    }
  });

  it('is not whole with a character left out or doubled, a part of it, or with something around it', () => {
    const at = Array.from(key, (_, index) => index);
    const others = [
      ...at.map((index) => key.slice(0, index) + key.slice(index + 1)),
      ...at.map((index) => key.slice(0, index) + key[index] + key.slice(index)),
      ...at.map((index) => key.slice(0, index)),
      ` ${key}`,
      `${key}\n`,
      key.toUpperCase(),
    ];
    expect(others.filter(isWhole)).toEqual([]);
  });

  it('is told by its prefix from other credentials', () => {
    expect(isKeyText('eyJhbGciOiJSUzI1NiJ9.e30.AA')).toBe(false);
    expect(isKeyText(KEY_PREFIX)).toBe(true);
    expect(idIn(KEY_PREFIX)).toBeUndefined();
  });
});
