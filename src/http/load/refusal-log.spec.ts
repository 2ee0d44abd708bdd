import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../telemetry/logger.js';
import { RefusalLog } from './refusal-log.js';

describe('RefusalLog', () => {
  it('says when refusals begin and when they are over, once each', () => {
    const lines: object[] = [];
    const log = new RefusalLog(createLogger('info', { write: (line) => void lines.push(JSON.parse(line) as object) }));
    log.tick(0);
    for (const nowMs of [1_000, 2_000.4, 6_999.5]) {
      log.note(nowMs, 'waiting', 100);
      log.tick(nowMs + 4_999);
    }
    const began = {
      level: 'warn',
      cause: 'waiting',
      waiting: 100,
      msg: 'The service is overloaded and refuses requests',
    };
    expect(lines).toEqual([expect.objectContaining(began)]);
    log.tick(6_999.5 + 5_000);
    const ended = { level: 'warn', refused: 3, durationMs: 6_000, msg: 'The service is no longer overloaded' };
    expect(lines).toEqual([expect.objectContaining(began), expect.objectContaining(ended)]);
    log.note(20_000, 'delay', 0);
    expect(lines).toHaveLength(3);
  });
});
