import 'reflect-metadata';
import './http/fastify-types.js';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DynamicModule, NestApplicationOptions } from '@nestjs/common';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import type { Config } from './config/config.js';
import { Database } from './database/database.js';
import { openApiDocument } from './contract/openapi/document.js';
import { outside } from './http/outside.js';
import { Watch } from './contract/watch.js';
import type { AnswerToFault } from './http/wire/parser-faults.js';
import { createAdapter } from './http/adapter.js';
import { problemOfFastify } from './http/fastify-problems.js';
import { ProblemFilter } from './http/problem.filter.js';
import { PublicUrl } from './public-url.js';
import { RehearsalFilter } from './rehearsal/rehearsal.filter.js';
import { StartGate } from './http/head/start-gate.js';
import { ItemsRepository } from './items/store/items.repository.js';
import { TutorialItems } from './items/tutorial-items.js';
import { OPERATIONS } from './operations.js';
import { DocsController } from './reference/docs.controller.js';
import { problemOfDatabaseFault } from './storage/storage-translator.js';
import { createLogger, nestLogger } from './telemetry/logger.js';
import { logFault, logRequests } from './telemetry/request-log.js';

/** Version of the API, in its document. */
const VERSION = '0.1.0';

/** Makes a Nest application of a module; tests put Nest's testing module here. */
export type CreateNest = (
  module: DynamicModule,
  adapter: FastifyAdapter,
  options: NestApplicationOptions,
) => Promise<NestFastifyApplication>;

const createWithFactory: CreateNest = (module, adapter, options) => NestFactory.create(module, adapter, options);

/**
 * The one place where the application is put together, in the order in which a request meets it: the checks of the head
 * (http/order-of-checks.ts), the JSON parser, the controller with the ValidationPipe of its body, and the filter that makes
 * problems of what they throw. Nothing listens yet, and until {@link makeReady} every request but a probe is answered 503.
 */
export async function createApp(
  config: Config,
  logger: Logger = createLogger(config.logLevel),
  createNest: CreateNest = createWithFactory,
): Promise<NestFastifyApplication> {
  const publicUrl = new PublicUrl(config.publicUrl);
  const watch = new Watch(logger);
  const startGate = new StartGate();
  const onFaultAnswered = (answer: AnswerToFault) => {
    watch.judge(outside, answer, answer.requestId);
    logFault(answer, logger);
  };
  const parts = {
    timeouts: config,
    limits: config,
    publicUrl,
    operations: OPERATIONS,
    watch,
    startGate,
    rehearsal: config.rehearsal,
    onFaultAnswered,
  };
  const { adapter, completeRoutes } = createAdapter(parts);
  logRequests(adapter.getInstance(), logger);
  const app = await createNest(AppModule.forRoot(config, startGate, logger), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLogger(logger),
  });
  const rehearsals = new RehearsalFilter(publicUrl);
  app.useGlobalFilters(new ProblemFilter(publicUrl, logger, [problemOfFastify, problemOfDatabaseFault]), rehearsals);
  await app.init();
  const document = openApiDocument(app, OPERATIONS, VERSION, publicUrl, config);
  app.get(DocsController).document = document;
  rehearsals.document = document;
  completeRoutes();
  return app;
}

/** Opens the database and prepares the features for it, then lets requests through. Throws DatabaseUnusable. */
export async function makeReady(app: NestFastifyApplication): Promise<void> {
  await app.get(Database).open(() => app.get(ItemsRepository).tryToWrite());
  await app.get(TutorialItems).plant();
  app.get(StartGate).isOpen = true;
}
