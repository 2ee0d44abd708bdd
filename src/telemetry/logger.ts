import { types } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../config/log-levels.js';

/** One JSON object a line, on standard output unless told otherwise: level as a word, time as RFC 3339. */
export function createLogger(level: LogLevel, destination: DestinationStream = pino.destination(1)): Logger {
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

// Not the error's other members: a driver puts statements and their values there.
function describe({ name, message, stack, cause }: Error): object {
  return { name, message, stack, ...(types.isNativeError(cause) && { cause: `${cause.name}: ${cause.message}` }) };
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
