import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LogOutput, LONGEST_QUEUE } from './log-output.js';

const LINE = `{"msg":"${'a'.repeat(1_000_000)}"}\n`;
const THAT_FIT = Math.floor(LONGEST_QUEUE / LINE.length);

/** An output whose reader takes a text when `take` is called, or whose text is lost when it is called with an error. */
function held() {
  const texts: string[] = [];
  const pending: ((error?: Error) => void)[] = [];
  const output = new LogOutput((text, done) => {
    texts.push(text);
    pending.push(done);
  });
  const take = (error?: Error) => pending.shift()!(error);
  return { output, texts, take };
}

function told(droppedLines: number) {
  return {
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    droppedLines,
    msg: `${droppedLines} lines of the log were dropped, since they could not be written`,
  };
}

describe('the output of the log', () => {
  it('writes lines of one turn together, and later ones when those are taken', async () => {
    const { output, texts, take } = held();
    output.write('1\n');
    output.write('2\n');
    await nextTurn();
    output.write('3\n');
    await nextTurn();
    expect(texts).toEqual(['1\n2\n']);
    take();
    expect(texts).toEqual(['1\n2\n', '3\n']);
  });

  it('keeps what fits, drops and counts the rest, and says so behind what it kept', async () => {
    const { output, texts, take } = held();
    output.write(LINE);
    await nextTurn();
    for (let n = 0; n < THAT_FIT + 2; n += 1) output.write(LINE);
    // Small enough, but in the log there must be no gap before it.
    output.write('small\n');
    expect(output.droppedLines).toBe(4);
    take();
    const lines = texts[1]!.split('\n');
    expect(lines.slice(0, -2).map((line) => `${line}\n`)).toEqual(Array.from({ length: THAT_FIT - 1 }, () => LINE));
    expect(JSON.parse(lines.at(-2)!)).toEqual(told(4));
    output.write('5\n');
    take();
    expect(texts[2]).toBe('5\n');
    expect(output.droppedLines).toBe(4);
  });

  it('counts what was lost, and says so before what comes next', async () => {
    const { output, texts, take } = held();
    output.write('1\n');
    output.write('2\n');
    await nextTurn();
    take(new Error('no space left'));
    expect(output.droppedLines).toBe(2);
    output.write('3\n');
    await nextTurn();
    // The line that told it is lost too.
    take(new Error('no space left'));
    output.write('4\n');
    await nextTurn();
    const [line, ...rest] = texts[2]!.split('\n');
    expect([JSON.parse(line!), rest]).toEqual([told(3), ['4', '']]);
    expect(output.droppedLines).toBe(3);
  });

  it('ends when all is taken or lost', async () => {
    const { output, take } = held();
    let hasEnded = false;
    output.write('1\n');
    output.end(() => (hasEnded = true));
    await nextTurn();
    output.write('2\n');
    take();
    expect(hasEnded).toBe(false);
    take(new Error('the reader is gone'));
    expect(hasEnded).toBe(true);
  });
});
