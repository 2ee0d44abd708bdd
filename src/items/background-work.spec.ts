import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { BackgroundWork } from './background-work.js';

describe('background work', () => {
  it('that is started while it runs runs once more, after it', async () => {
    const work = new BackgroundWork();
    const steps: string[] = [];
    const gate = new EventEmitter();
    work.start(async () => {
      await once(gate, 'open');
      steps.push('first');
    });
    work.start(async () => void steps.push('replaced'));
    const isOver = once(gate, 'over');
    work.start(async () => {
      steps.push('second');
      gate.emit('over');
    });
    expect(steps).toEqual([]);
    gate.emit('open');
    await isOver;
    expect(steps).toEqual(['first', 'second']);
    await work.stop();
  });

  it('ends its pause when it is stopped, and begins nothing more', async () => {
    const work = new BackgroundWork();
    const steps: string[] = [];
    work.start(async () => {
      await work.pause(999_999);
      steps.push(`stopped: ${work.isStopped}`);
    });
    work.start(async () => void steps.push('next'));
    await work.stop();
    expect(steps).toEqual(['stopped: true']);
  });
});
