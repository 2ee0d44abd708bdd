import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { createApp } from './app.js';
import { ConfigError, readConfig, type Config } from './config/config.js';
import { loadEnvFile } from './config/env-file.js';
import { DatabaseUnusable } from './database/open-database.js';
import { createLogger } from './telemetry/logger.js';

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78;

/** How long running requests may take after SIGTERM before their connections are cut. */
const DRAIN_TIMEOUT_MS = 8_000;

await run().catch(endWithOneLine);

async function run(): Promise<void> {
  loadEnvFile();
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel);
  const app = await createApp(config, logger);
  await app.listen({ host: config.host, port: config.port });
  announce(app, config, logger);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(app, logger, signal));
}

function announce(app: NestFastifyApplication, { host, database }: Config, logger: Logger): void {
  const { address, port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const place = database.engine === 'sqlite' ? database.path : `PostgreSQL at ${new URL(database.url).host}`;
  logger.info(`Items listens. API: ${url} Swagger UI: ${url}/docs Database: ${place}`);
  if (!/^(127\.|::1$)/.test(address)) {
    logger.warn(`Items has no access control: everybody who reaches ${host}:${port} can read and change everything.`);
  }
}

async function stop(app: NestFastifyApplication, logger: Logger, signal: string): Promise<void> {
  logger.info(`${signal}: finishing the running requests`);
  setTimeout(() => app.getHttpServer().closeAllConnections(), DRAIN_TIMEOUT_MS).unref();
  await app.close();
  logger.info('Items has stopped');
}

function endWithOneLine(error: unknown): void {
  process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : 1;
  const isForeseen = error instanceof ConfigError || error instanceof DatabaseUnusable || isListenError(error);
  process.stderr.write(isForeseen ? `${error.message}\n` : `Items can't start: ${String(error)}\n`);
  process.exit();
}

function isListenError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && error.syscall === 'listen';
}
