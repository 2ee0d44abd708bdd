import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { DynamicModule, NestApplicationOptions } from '@nestjs/common';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import type { Config } from './config/config.js';
import { callerOf } from './contract/caller.js';
import { Database } from './database/database.js';
import { createAdapter } from './http/adapter.js';
import { StartGate } from './http/head/start-gate.js';
import { HttpHooks } from './http/http-hooks.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RehearsalFilter } from './http/rehearsal/rehearsal.filter.js';
import { RouteTable } from './http/routes/route-table.js';
import { ParserFaults } from './http/parser/parser-faults.js';
import { ItemsWriter } from './items/items.writer.js';
import { AttributeIndexing } from './items/attribute-indexing.js';
import { ErasureCleaning } from './items/erasure-cleaning.js';
import { HistoryTrimming } from './items/history-trimming.js';
import { SearchFilling } from './items/search-filling.js';
import { TutorialItems } from './items/tutorial-items.js';
import { MetricsPort } from './metrics/metrics-port.js';
import { createLogger, nestLogger } from './telemetry/logger.js';
import { logFault, logRequests } from './telemetry/request-log.js';
import { NO_TRACING, type Tracing } from './telemetry/tracing.js';

/** Makes a Nest application from a module. Tests pass one that uses Nest's testing module. */
export type CreateNest = (
  module: DynamicModule,
  adapter: FastifyAdapter,
  options: NestApplicationOptions,
) => Promise<NestFastifyApplication>;

const createWithFactory: CreateNest = (module, adapter, options) => NestFactory.create(module, adapter, options);

/**
 * The one place where the application is put together. Nest makes all live parts. Then they are hooked to Fastify in the
 * order in which a request meets them: the checks of the head (order-of-checks.ts), the body, the controller with its
 * ValidationPipe, and the filters, which turn exceptions into answers. The application does not listen yet, and until
 * {@link makeReady} it answers every request but a probe with 503.
 */
export async function createApp(
  config: Config,
  logger: Logger = createLogger(config.logLevel),
  createNest: CreateNest = createWithFactory,
  tracing: Tracing = NO_TRACING,
): Promise<NestFastifyApplication> {
  const app = await createNest(AppModule.forRoot(config, logger, tracing), createAdapter(config), {
    bodyParser: false,
    abortOnError: false,
    logger: nestLogger(logger),
  });
  const fastify = app.getHttpAdapter().getInstance();
  tracing.watch(fastify);
  logRequests(fastify, logger, operationOf, callerOf);
  app.get(ParserFaults).on('answer', (answer) => logFault(answer, logger));
  app.get(HttpHooks).attach(fastify);
  app.useGlobalFilters(app.get(ProblemFilter), app.get(RehearsalFilter));
  await app.init();
  app.get(RouteTable).complete(fastify);
  return app;
}

// Undefined outside of operations. A request behind the last one of its connection has no route.
function operationOf({ route }: Partial<FastifyRequest>): string | undefined {
  return route?.operation?.id;
}

/** Listens on METRICS_PORT too, if that is set. To be called once the application listens. */
export async function listenForMetrics(app: NestFastifyApplication, host: string): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  await app.get(MetricsPort).listen(fastify, app.get(HttpHooks), host);
}

/** Opens the database, tries to write, adds the tutorial items, makes indexes on attributes, begins to fill in search data, to trim the history and to finish erasures, then lets requests through. Throws DatabaseUnusable. */
export async function makeReady(app: NestFastifyApplication): Promise<void> {
  await app.get(Database).open(() => app.get(ItemsWriter).tryToWrite());
  await app.get(TutorialItems).plant();
  await app.get(AttributeIndexing).start();
  await app.get(SearchFilling).start();
  app.get(HistoryTrimming).start();
  app.get(ErasureCleaning).start();
  app.get(StartGate).open();
}
