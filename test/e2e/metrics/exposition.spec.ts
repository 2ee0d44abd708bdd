import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engine } from '../../support/database/engine.js';
import { documentedMetrics } from '../../support/metrics/documented-metrics.js';
import { scrape, type Scrape } from '../../support/metrics/scrape.js';
import { SEED, seededRandom } from '../../support/random.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

const PATHS = sized(500, 20_000);

/** Series that a scrape changes, or that change by themselves. */
const PASSING =
  /getMetrics|^process_|^nodejs_|^items_event_loop_delay|^items_(?:waiting_requests|answer_bytes)\{|^items_sqlite_|^items_feed_lag/;

describe('the metrics', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    for (const id of ['a', 'b']) (await service.api.put(`/items/${id}`, { name: id })).expect(201);
    (await service.api.get('/items')).expect(200);
    (await service.api.get('/nowhere')).expect(404, 'route-not-found');
    // What needs no connection before is connected.
    (await service.api.get('/changes')).expect(200);
  });
  afterAll(() => service?.close());

  const lasting = (one: Scrape) =>
    one.series.filter((series) => !PASSING.test(series)).map((series) => [series, one.valueOf(series)]);

  it('[P44] are the same in both formats, whichever was asked for before', async () => {
    const scrapes = [];
    for (const format of ['text', 'open', 'text', 'open', 'open', 'text'] as const) {
      scrapes.push(await scrape(service.api, format));
    }
    const [first] = scrapes;
    expect(lasting(first!).length).toBeGreaterThan(300);
    for (const other of scrapes) {
      expect(lasting(other)).toEqual(lasting(first!));
      expect(other.families.map(({ name, type, help }) => [name, type, help])).toEqual(
        first!.families.map(({ name, type, help }) => [name, type, help]),
      );
    }
    // Apart from the first, which could not count itself.
    expect(new Set(scrapes.slice(1).map(({ series }) => series.toSorted().join('\n'))).size).toBe(1);
  });

  it('[P44] those who ask at the same time get the same, in their format', async () => {
    const formats = Array.from({ length: 8 }, (_, n) => (n % 3 === 0 ? 'open' : 'text'));
    const scrapes = await Promise.all(formats.map((format) => scrape(service.api, format)));
    for (const one of scrapes) expect(lasting(one)).toEqual(lasting(scrapes[0]!));
  });

  it('are those of docs/metrics.md, in its order', async () => {
    const { families } = await scrape(service.api);
    const shown = families.map(({ name, type, samples }) => {
      const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
      return {
        name: type === 'counter' ? `${name}_total` : name,
        type,
        labels: [...labels].filter((one) => one !== 'le'),
      };
    });
    const documented = documentedMetrics().filter(({ engines }) => engines.includes(engine));
    expect(shown.map(({ name, type }) => [name, type])).toEqual(documented.map(({ name, type }) => [name, type]));
    // A family without a series shows no labels.
    for (const { name, labels } of shown.filter((one) => one.labels.length > 0)) {
      const { labels: described } = documented.find((one) => one.name === name)!;
      expect([name, labels.toSorted()]).toEqual([name, described.toSorted()]);
    }
  });

  it('[P43] have no more series after many paths', async () => {
    const before = await scrape(service.api);
    const random = seededRandom(SEED);
    const segment = () => Math.floor(random() * 1e9).toString(36);
    const roots = ['/', '/items/', '/docs/', '/problems/', '/changes/', '/metrics/'];
    const targets = Array.from({ length: PATHS }, (_, n) => `${roots[n % roots.length]}${segment()}/${segment()}`);
    await getAll(service.api.url, targets);
    const after = await scrape(service.api);
    expect(after.series).toEqual(before.series);
    expect(after.answers('outside', 404, 'route-not-found') - before.answers('outside', 404, 'route-not-found')).toBe(
      PATHS + 1,
    );
  });
});

/** Sends a GET of each target on one connection, and waits for the last answer. */
async function getAll(url: string, targets: string[]): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const fields = 'HTTP/1.1\r\nHost: localhost\r\n';
  socket.end(
    `${targets.map((target) => `GET ${target} ${fields}\r\n`).join('')}GET /nowhere/again ${fields}Connection: close\r\n\r\n`,
  );
  socket.resume();
  await once(socket, 'close');
}
