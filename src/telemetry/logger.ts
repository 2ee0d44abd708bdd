import { types } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../config/log-levels.js';
import { inSource } from './source-positions.js';

/** Injection token of the log. */
export const LOGGER = Symbol('Logger');

/** How much the log keeps for a reader that stands still. Lines beyond it are dropped. */
const LONGEST_QUEUE = 16 * 1024 * 1024;

/** How long the end waits for the reader of the log. */
const LAST_LINES_MS = 1_000;

/** One JSON object a line, on standard output unless told otherwise: level as a word, time as RFC 3339. */
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

/** Ends the process once the log is out, or its reader has had a second for it. */
export function exit(code: number): void {
  setTimeout(() => process.exit(code), LAST_LINES_MS);
  // After the flush of this turn.
  setImmediate(() => process.stdout.write('', () => process.exit(code)));
}

// Not pino's own destination: at the end it waits for ever for a reader that has gone or stands still.
function standardOutput(): DestinationStream {
  const { stdout } = process;
  let lines = '';
  const flush = () => {
    if (stdout.writableLength < LONGEST_QUEUE) stdout.write(lines);
    lines = '';
  };
  // Without a reader or a place on the disk there is nowhere left to say so.
  stdout.on('error', () => undefined);
  process.on('exit', flush);
  return {
    write: (line) => {
      // Lines of one turn of the event loop leave together.
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}

// Not the error's other members: a driver puts statements and their values there.
function describe({ name, message, stack = '', cause }: Error): object {
  return {
    name,
    message,
    stack: inSource(stack),
    ...(types.isNativeError(cause) && { cause: `${cause.name}: ${cause.message}` }),
  };
}

// What these log as an error they throw as well, and whoever catches it reports it.
const THROWN_AGAIN: unknown[] = ['ExceptionHandler', 'NestApplication'];

/** Nest's own messages in the service's log; what Nest says at info while it starts is of use to developers only. */
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
