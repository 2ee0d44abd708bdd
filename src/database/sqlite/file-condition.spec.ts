import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { DatabaseFault } from '../faults/database-fault.js';
import { FileCondition } from './file-condition.js';

function watched() {
  const lines: string[] = [];
  const logger = pino({ base: null }, { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) });
  const clock = { now: 0 };
  const condition = new FileCondition('items.sqlite', logger, () => clock.now);
  const fail = (code: string) => condition.failed(new DatabaseFault('full', Object.assign(new Error(code), { code })));
  return { lines, clock, condition, fail };
}

describe('FileCondition', () => {
  it('says once that changes can’t be written, and that they are again, at most once a minute', () => {
    const { lines, clock, condition, fail } = watched();
    condition.begin();
    for (const at of [0, 1_000, 59_999]) {
      clock.now = at;
      for (let n = 0; n < 3; n += 1) fail('SQLITE_FULL');
      expect(condition.isUnwritable).toBe(true);
      condition.written();
      expect(condition.isUnwritable).toBe(false);
    }
    expect(lines).toHaveLength(2);
    clock.now = 60_000;
    fail('SQLITE_IOERR');
    expect(lines).toHaveLength(3);
  });

  it('says late what may not be said at once: with the next fault after the minute, once', () => {
    const { lines, clock, condition, fail } = watched();
    condition.begin();
    fail('SQLITE_FULL');
    clock.now = 10_000;
    condition.written();
    for (const at of [20_000, 59_999, 60_000, 61_000, 3_600_000]) {
      clock.now = at;
      fail('SQLITE_FULL');
      expect(lines).toHaveLength(at < 60_000 ? 2 : 3);
    }
    expect(lines.at(-1)).toMatch(/can’t be written/);
    condition.written();
    expect(lines.at(-1)).toMatch(/again/);
  });

  it.each(['SQLITE_BUSY', 'SQLITE_CONSTRAINT', 'SQLITE_CANTOPEN'])(
    '%s says nothing about what can be written',
    (code) => {
      const { lines, condition, fail } = watched();
      condition.begin();
      fail(code);
      expect([condition.isUnwritable, lines]).toEqual([false, []]);
    },
  );

  it('notes nothing of a start, which ends with its own line', () => {
    const { lines, condition, fail } = watched();
    fail('SQLITE_READONLY');
    expect([condition.isUnwritable, lines]).toEqual([false, []]);
  });
});
