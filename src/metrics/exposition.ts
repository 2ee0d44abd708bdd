import type { Metric, Registry, RegistryContentType } from 'prom-client';
import type { Histogram } from '../counting/histogram.js';
import type { Family, Labels } from './family.js';

/** The formats of metrics: Prometheus' text, and OpenMetrics. */
export const PROMETHEUS = 'text/plain; version=0.0.4';
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0';

export type Format = typeof PROMETHEUS | typeof OPEN_METRICS;

/** A value as the library writes it. Without `metricName` it has the name of its family. */
interface Sample {
  metricName?: string;
  labels: Labels;
  value: number;
}

/** Writes families in one format. */
export class Exposition {
  private registry: Promise<Registry<RegistryContentType>> | undefined;

  constructor(
    private readonly families: Family[],
    private readonly format: Format,
  ) {}

  /** The values as they are now. */
  async write(): Promise<string> {
    this.registry ??= this.register();
    return (await this.registry).metrics();
  }

  // The library is loaded with the first scrape.
  private async register(): Promise<Registry<RegistryContentType>> {
    const { default: library } = await import('prom-client');
    const registry = new library.Registry<RegistryContentType>();
    registry.setContentType(`${this.format}; charset=utf-8`);
    // Not its own counters: to count by them costs each request a microsecond, and they keep buckets that can't be given.
    for (const family of this.families) registry.registerMetric(this.asMetric(family) as unknown as Metric);
    return registry;
  }

  // Of this format alone. The library takes `_total` from the name of a counter when it writes OpenMetrics, and never puts it back.
  private asMetric(family: Family): object {
    const metric = {
      name: family.name,
      help: `${family.help}.`,
      type: family.type,
      get: () => Promise.resolve({ ...metric, values: this.samplesOf(family) }),
    };
    return metric;
  }

  private samplesOf(family: Family): Sample[] {
    if (family.type === 'histogram') {
      return family.read().flatMap(([labels, histogram]) => samplesOfHistogram(family.name, labels, histogram));
    }
    return family.read().flatMap(([labels, value]) => (value === undefined ? [] : [{ labels, value }]));
  }
}

function samplesOfHistogram(name: string, labels: Labels, { bounds, counts, sum }: Histogram): Sample[] {
  let count = 0;
  const buckets = [...bounds, Infinity].map((bound, at) => {
    count += counts[at]!;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: boundText(bound) }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

// OpenMetrics 1.0, "Considerations: Canonical Numbers": a whole number has ".0". In both formats, so that both have the same series.
function boundText(bound: number): string {
  if (bound === Infinity) return '+Inf';
  return Number.isInteger(bound) ? `${bound}.0` : String(bound);
}
