import { types } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, symbols, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../config/settings/log-levels.js';
import { LogOutput, standardOutput } from './log-output.js';
import { inSource } from './source-positions.js';

/** Injection token of the log. */
export const LOGGER = Symbol('Logger');

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

/** How many lines of a log were dropped so far, since nobody read them or there was no room. */
export function droppedLines(logger: Logger): number {
  const output = (logger as unknown as Record<symbol, unknown>)[symbols.streamSym];
  return output instanceof LogOutput ? output.droppedLines : 0;
}

/** Ends the process once the log is written, or after a second. */
export function exit(code: number, output: LogOutput): void {
  setTimeout(() => process.exit(code), LAST_LINES_MS);
  output.end(() => process.exit(code));
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
