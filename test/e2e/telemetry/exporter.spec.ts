import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeOnFile, migratedDatabase, type TestDatabase } from '../../support/database/engine.js';
import { killServices, ServiceProcess } from '../../support/service-process.js';
import { OtlpReceiver } from '../../support/telemetry/otlp-receiver.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

/** How many spans may wait. */
const QUEUE = 60;
const IN_A_MESSAGE = 20;

describeOnFile('sending traces', () => {
  let database: TestDatabase;
  let receiver: OtlpReceiver;
  beforeEach(async () => {
    database = await migratedDatabase();
    receiver = await OtlpReceiver.start();
  });
  afterEach(async () => {
    await killServices();
    receiver.close();
    await database.drop();
  });

  const start = (settings: Record<string, string>, envFile?: string) =>
    ServiceProcess.start({ environment: { DATABASE_URL: database.url, LOG_LEVEL: 'info', ...settings }, envFile });

  it('[P54] sends what is left at the stop, as protobuf, by the settings in .env', async () => {
    const settings = [`OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${receiver.url}/here`, 'OTEL_BSP_SCHEDULE_DELAY=600000'];
    const service = await start({ OTEL_SERVICE_NAME: 'my-items' }, settings.join('\n'));
    await service.caller().get('/items/none', { headers: { traceparent: TRACEPARENT } });
    expect(await service.stop()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(receiver.messages.map(({ path, type }) => [path, type])).toEqual([['/here', 'application/x-protobuf']]);
    const { body } = receiver.messages[0]!;
    expect([body.includes(Buffer.from(TRACE, 'hex')), body.includes('my-items')]).toEqual([true, true]);
  });

  it('[P54] a receiver that refuses, or hangs, delays no answer and no stop, and leaves one line', async () => {
    receiver.status = 400;
    const service = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '10',
      // By itself the exporter never gives up.
      OTEL_EXPORTER_OTLP_TIMEOUT: '600000',
      OTEL_BSP_EXPORT_TIMEOUT: '600000',
      OTEL_BSP_MAX_QUEUE_SIZE: String(QUEUE),
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: String(IN_A_MESSAGE),
    });
    const api = service.caller();
    const send = async (requests: number) => {
      for (let n = 0; n < requests; n += 1) (await api.get('/nowhere')).expect(404, 'route-not-found');
    };
    while (receiver.messages.length < 3) await send(1);
    expect(JSON.parse(await service.line(/OpenTelemetry does not work/))).toMatchObject({ level: 'warn', faults: 1 });

    receiver.status = undefined;
    const hanging = receiver.messages.length;
    while (receiver.messages.length === hanging) await send(1);
    await send(5 * QUEUE);
    // All were answered while it hangs.
    expect(receiver.messages).toHaveLength(hanging + 1);

    const ended = service.stop();
    // All that may wait, and no more, comes at the end.
    const spansIn = () =>
      receiver.messages.slice(hanging + 1).flatMap(({ body }) => body.toString().match(/"spanId"/g) ?? []);
    await receiver.until(() => (spansIn().length >= QUEUE ? true : undefined));
    // And not killed when SHUTDOWN_TIMEOUT_MS is over.
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(spansIn()).toHaveLength(QUEUE);
    expect(service.lines.filter((line) => line.includes('OpenTelemetry does not work'))).toHaveLength(1);
  });
});
