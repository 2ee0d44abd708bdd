import { expect } from '@jest/globals';
import type { Caller } from '../caller.js';
import { parseMetrics, seriesName, type ParsedFamily } from './exposition-parser.js';

/** The Accept of a scrape that wants this format alone. */
const ACCEPT = { text: 'text/plain', open: 'application/openmetrics-text' };

/** The metrics of a service at one time. */
export class Scrape {
  private readonly values: Map<string, number>;

  constructor(
    readonly text: string,
    readonly families: ParsedFamily[],
  ) {
    const samples = families.flatMap((family) => family.samples);
    this.values = new Map(samples.map(({ name, labels, value }) => [seriesName(name, labels), value]));
  }

  /** The value of a series; 0 if there is none. */
  value(name: string, labels: Record<string, string> = {}): number {
    return this.values.get(seriesName(name, labels)) ?? 0;
  }

  /** The value of one of {@link series}. */
  valueOf(series: string): number {
    return this.values.get(series)!;
  }

  /** How many answers with this status and problem there were. */
  answers(operation: string, status: number, problem = ''): number {
    return this.value('http_server_requests_total', { operation, http_response_status_code: String(status), problem });
  }

  /** All series, in their order. */
  get series(): string[] {
    return [...this.values.keys()];
  }
}

/** Reads and parses the metrics. */
export async function scrape(api: Caller, format: keyof typeof ACCEPT = 'text'): Promise<Scrape> {
  const answer = (await api.get('/metrics', { headers: { accept: ACCEPT[format] } })).expect(200);
  const versions = { text: 'text/plain; version=0.0.4', open: 'application/openmetrics-text; version=1.0.0' };
  expect(answer.headers['content-type']).toBe(`${versions[format]}; charset=utf-8`);
  return new Scrape(answer.text, parseMetrics(answer.text, format));
}
