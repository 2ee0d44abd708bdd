import { expect, it } from '@jest/globals';
import { createLogger } from '../logger.js';
import { FaultLog } from './fault-log.js';

it('the first fault is a line at once, then there is a line a minute at most, with the number of faults since the last', () => {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('info', { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[number]) });
  let nowMs = 0;
  const faults = new FaultLog(logger, () => nowMs);
  for (; nowMs < 150_000; nowMs += 1_000) faults.note(nowMs === 0 ? new Error('refused') : 'Dropped 7 spans');
  expect(lines).toEqual([
    expect.objectContaining({ level: 'warn', faults: 1, err: expect.objectContaining({ message: 'refused' }) }),
    expect.objectContaining({ faults: 60, fault: 'Dropped 7 spans' }),
    expect.objectContaining({ faults: 60 }),
  ]);
});
