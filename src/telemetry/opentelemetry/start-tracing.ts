import { diag, DiagLogLevel, context, propagation, trace } from '@opentelemetry/api';
import { core, NodeSDK, resources } from '@opentelemetry/sdk-node';
import type { Logger } from 'pino';
import type { Tracing } from '../tracing.js';
import { FaultLog } from './fault-log.js';
import { groupTraces } from './group-spans.js';
import { watchRequests } from './request-spans.js';

/** What spans say of the service. */
interface Service {
  version: string;
  engine: 'sqlite' | 'postgres';
}

/**
 * Starts the SDK of OpenTelemetry, which reads the `OTEL_*` variables of the process. Spans wait in its queue (`OTEL_BSP_MAX_QUEUE_SIZE`,
 * 2048), and what does not fit is dropped. Only spans are sent, no metrics and no log.
 */
export function startTracing({ version, engine }: Service, logger: Logger): Tracing {
  const faults = new FaultLog(logger);
  // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
  const itself = resources.resourceFromAttributes({ 'service.name': 'items', 'service.version': version });
  const sdk = new NodeSDK({
    resource: resources.defaultResource().merge(itself),
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
  });
  const note = (message: unknown) => faults.note(message);
  diag.setLogger(
    { error: note, warn: note, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  core.setGlobalErrorHandler(note);
  sdk.start();
  const tracer = trace.getTracer('items', version);
  return {
    watch: (fastify) => watchRequests(fastify, tracer),
    groups: (name) => groupTraces(tracer, name, engine === 'postgres' ? 'postgresql' : engine),
    stop: (withinMs) => stop(sdk, note, withinMs),
  };
}

function ignore(): void {}

async function stop(sdk: NodeSDK, note: (fault: unknown) => void, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const isOver = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
  await Promise.race([sdk.shutdown().catch(note), isOver]);
  clearTimeout(timer);
  for (const api of [trace, propagation, context, diag]) api.disable();
}
