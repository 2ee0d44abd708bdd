import { fstatSync, writeSync } from 'node:fs';

/** Where the text of the log goes. Calls back once it is written, or with the error that lost it. */
export type Sink = (text: string, done: (error?: Error | null) => void) => void;

/** How much text is kept for a reader that has stopped reading, in characters. Later lines are dropped. */
export const LONGEST_QUEUE = 16 * 1024 * 1024;

const STANDARD_OUTPUT = 1;
const NEWLINE = 0x0a;

/**
 * The end of the log. It never waits for who reads it: what does not fit into {@link LONGEST_QUEUE} and what can't be written is
 * dropped and counted, and the log says so once it can be written again.
 */
export class LogOutput {
  /** How many lines were dropped so far. */
  droppedLines = 0;
  private waiting = '';
  private waitingLines = 0;
  private writingLength = 0;
  private writingLines = 0;
  /** How many of the dropped lines the log has not told, and how many it tells in the text that is being written. */
  private untold = 0;
  private telling = 0;
  private isScheduled = false;
  private isWriting = false;
  private isFull = false;
  private whenEmpty: (() => void) | undefined;

  constructor(private readonly sink: Sink) {}

  /** Takes a line. Lines of one turn of the event loop are written together. */
  write(line: string): void {
    if (this.isFull || this.writingLength + this.waiting.length + line.length > LONGEST_QUEUE) {
      this.isFull = true;
      this.droppedLines += 1;
      this.untold += 1;
      return;
    }
    if (!this.isScheduled && !this.isWriting) {
      this.isScheduled = true;
      setImmediate(this.flush);
    }
    this.waiting += line;
    this.waitingLines += 1;
  }

  /** Writes what waits, unless something is being written. */
  readonly flush = (): void => {
    this.isScheduled = false;
    if (this.isWriting || this.waiting === '') return;
    const text = this.textWithTold();
    this.writingLength = text.length;
    this.writingLines = this.waitingLines;
    this.telling = this.untold;
    this.waiting = '';
    this.waitingLines = 0;
    this.untold = 0;
    this.isFull = false;
    this.isWriting = true;
    this.sink(text, this.settle);
  };

  /** Calls back once everything is written or lost. */
  end(done: () => void): void {
    this.whenEmpty = done;
    // After the lines of this turn.
    setImmediate(() => {
      this.flush();
      this.tellIfEmpty();
    });
  }

  private readonly settle = (error?: Error | null): void => {
    if (error) {
      this.droppedLines += this.writingLines;
      this.untold += this.writingLines + this.telling;
    }
    this.isWriting = false;
    this.writingLength = 0;
    this.flush();
    this.tellIfEmpty();
  };

  private tellIfEmpty(): void {
    if (!this.isWriting && this.waiting === '') this.whenEmpty?.();
  }

  // Lines that did not fit came after those that wait, lines that could not be written came before them.
  private textWithTold(): string {
    if (this.untold === 0) return this.waiting;
    const told = lineAbout(this.untold);
    return this.isFull ? this.waiting + told : told + this.waiting;
  }
}

function lineAbout(droppedLines: number): string {
  const msg = `${droppedLines} lines of the log were dropped, since they could not be written`;
  return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), droppedLines, msg })}\n`;
}

/** Standard output. Not pino's own destination: at exit it waits forever for a reader that is gone or has stopped reading. */
export function standardOutput(): LogOutput {
  const output = new LogOutput(fstatSync(STANDARD_OUTPUT).isFile() ? intoFile(STANDARD_OUTPUT) : intoStream());
  process.on('exit', output.flush);
  return output;
}

function intoStream(): Sink {
  const { stdout } = process;
  // The reader is gone: there is nowhere left to report it.
  stdout.on('error', () => undefined);
  return (text, done) => stdout.write(text, done);
}

/** A file. Not Node's stream for it, which writes nothing more after one failure: a full disk may have room again. */
function intoFile(fd: number): Sink {
  let isTorn = false;
  return (text, done) => {
    const bytes = Buffer.from(isTorn ? `\n${text}` : text);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(fd, bytes, written);
      isTorn = false;
    } catch (error) {
      if (written > 0) isTorn = bytes[written - 1] !== NEWLINE;
      return done(error as Error);
    }
    done();
  };
}
