import { types } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../config/settings/log-levels.js';
import { inSource } from './source-positions.js';

/** Injection token of the log. */
export const LOGGER = Symbol('Logger');

/** How many bytes the log keeps for a reader that has stopped reading. Later lines are dropped. */
const LONGEST_QUEUE = 16 * 1024 * 1024;

/** How long the end of the process waits for the reader of the log. */
const LAST_LINES_MS = 1_000;

/** A log with one JSON object a line, on standard output by default: level as a word, time as RFC 3339. */
export function createLogger(level: LogLevel, destination: DestinationStream = standardOutput()): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describe },
    },
    destination,
  );
}

/** Ends the process once the log is written, or after a second. */
export function exit(code: number): void {
  setTimeout(() => process.exit(code), LAST_LINES_MS);
  // After the flush of this turn.
  setImmediate(() => process.stdout.write('', () => process.exit(code)));
}

// Not pino's own destination: at exit it waits forever for a reader that is gone or has stopped reading.
function standardOutput(): DestinationStream {
  const { stdout } = process;
  let lines = '';
  const flush = () => {
    if (stdout.writableLength < LONGEST_QUEUE) stdout.write(lines);
    lines = '';
  };
  // The reader is gone or the disk is full: there is nowhere left to report it.
  stdout.on('error', () => undefined);
  process.on('exit', flush);
  return {
    write: (line) => {
      // Lines of one turn of the event loop are written together.
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}

// Not the error's other members: drivers put statements and their values there.
function describe({ name, message, stack = '', cause }: Error): object {
  return {
    name,
    message,
    stack: inSource(stack),
    ...(types.isNativeError(cause) && { cause: `${cause.name}: ${cause.message}` }),
  };
}

// These log an error and also throw it. The code that catches it reports it.
const THROWN_AGAIN: unknown[] = ['ExceptionHandler', 'NestApplication'];

/** Puts Nest's own messages into the service's log. Its info messages become debug: they help developers only. */
export function nestLogger(logger: Logger): LoggerService {
  const at =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...details: unknown[]) => {
      const context = details.at(-1);
      const isReportedElsewhere = level === 'error' && THROWN_AGAIN.includes(context);
      logger[isReportedElsewhere ? 'debug' : level]({ context }, String(message));
    };
  return { log: at('debug'), warn: at('warn'), error: at('error'), fatal: at('error') };
}
