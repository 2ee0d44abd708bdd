import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { announce, type Place } from './announcement.js';
import { addressOf } from './address-of.js';
import { createApp, listenForMetrics, makeReady } from './app.js';
import { ConfigError, type Config } from './config/config.js';
import { loadConfig } from './config/load-config.js';
import { placeOf } from './database/database-place.js';
import { DatabaseUnusable } from './database/open-database.js';
import { contract } from './contract.js';
import { MetricsPort } from './metrics/metrics-port.js';
import type { StopSignals } from './stop-signals.js';
import { standardOutput, type LogOutput } from './telemetry/log-output.js';
import { createLogger, exit } from './telemetry/logger.js';
import { NO_TRACING, type Tracing } from './telemetry/tracing.js';

/** How long a stop waits for spans to be sent, in milliseconds, and how much of SHUTDOWN_TIMEOUT_MS it leaves. */
const FLUSH = { longestMs: 2_000, leavesMs: 300 };

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78;

/** The service can't listen on the address. Its message is printed as one line, and the process ends. */
class AddressUnusable extends Error {}

/** The whole life of the service. Never rejects: a start that fails ends the process. */
export async function serve(signals: StopSignals): Promise<void> {
  await run(signals).catch(endWithOneLine);
}

async function run(signals: StopSignals): Promise<void> {
  const { config, remarks } = loadConfig();
  const output = standardOutput();
  const logger = createLogger(config.logLevel, output);
  for (const remark of remarks) logger.warn(remark);
  const tracing = config.tracing ? await tracingOf(config, logger) : NO_TRACING;
  const app = await createApp(config, logger, undefined, tracing);
  let isStopping = false;
  signals.handleBy((signal) => {
    isStopping = true;
    logger.info(`${signal}: finishing the running requests`);
    void stop(app, { ...config, logger, output, tracing });
  });
  try {
    // In this order: a start whose port is taken must not create or migrate a database.
    await listen(app, config);
    if (!isStopping) await makeReady(app);
    if (!isStopping) announce(placeOfService(app, config), logger, process.stdout, process.stderr);
  } catch (error) {
    // A start that is stopped halfway fails in one way or another.
    if (!isStopping) throw error;
  }
}

// Loaded only then: it is half as large as all the rest.
async function tracingOf({ database }: Config, logger: Logger): Promise<Tracing> {
  const { startTracing } = await import('./telemetry/opentelemetry/start-tracing.js');
  return startTracing({ version: contract.version, engine: database.engine }, logger);
}

async function listen(app: NestFastifyApplication, { host, port, metricsPort }: Config): Promise<void> {
  // One address, so that there is one server for each port: Fastify makes several for "localhost", and the drain knows one.
  const address = () => addressOf(host);
  await listenAt(`HOST=${host} PORT=${port}`, async () => app.listen({ host: await address(), port }));
  const metrics = `HOST=${host} METRICS_PORT=${metricsPort}`;
  await listenAt(metrics, async () => listenForMetrics(app, await address()));
}

async function listenAt(place: string, begin: () => Promise<unknown>): Promise<void> {
  try {
    await begin();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'the port is in use (EADDRINUSE)' : message;
    throw new AddressUnusable(`Items can't listen on ${place}: ${reason}`, { cause: error });
  }
}

function placeOfService(app: NestFastifyApplication, { host, database, auth, publicUrl }: Config): Place {
  const { address, port } = app.getHttpServer().address() as AddressInfo;
  const metricsPort = app.get(MetricsPort).port;
  return { host, port, metricsPort, address, database: placeOf(database), auth, publicUrl };
}

interface Stopping {
  shutdownTimeoutMs: number;
  logger: Logger;
  output: LogOutput;
  tracing: Tracing;
}

async function stop(
  app: NestFastifyApplication,
  { shutdownTimeoutMs, logger, output, tracing }: Stopping,
): Promise<void> {
  const endAt = performance.now() + shutdownTimeoutMs;
  setTimeout(() => {
    logger.error('Items stops now, without waiting any longer for its database or the reader of its log');
    // After the line above is written.
    setImmediate(endByForce);
  }, shutdownTimeoutMs).unref();
  try {
    await app.close();
    await tracing.stop(Math.min(FLUSH.longestMs, endAt - FLUSH.leavesMs - performance.now()));
    logger.info('Items has stopped');
    exit(0, output);
  } catch (error) {
    logger.error({ err: error }, 'Items could not close its database');
    exit(1, output);
  }
}

// process.exit() would wait for a statement that waits for SQLite's lock. Process 1 of a container can't kill itself
// (pid_namespaces(7)), but can abort.
function endByForce(): void {
  process.kill(process.pid, 'SIGKILL');
  process.abort();
}

function endWithOneLine(error: unknown): void {
  const isForeseen =
    error instanceof ConfigError || error instanceof DatabaseUnusable || error instanceof AddressUnusable;
  process.stderr.write(isForeseen ? `${error.message}\n` : `Items can't start: ${String(error)}\n`);
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1);
}
