import { readFileSync } from 'node:fs';
import type { Engine } from '../../../src/config/config.js';

/** A row of the table in docs/metrics.md. */
interface DocumentedMetric {
  name: string;
  type: string;
  labels: string[];
  engines: Engine[];
}

const ENGINES: Record<string, Engine[]> = { '': ['sqlite', 'postgres'], SQLite: ['sqlite'], PostgreSQL: ['postgres'] };

/** The metrics of docs/metrics.md, in its order. */
export function documentedMetrics(): DocumentedMetric[] {
  const rows = [
    ...readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(\w+)` +\| (\w+) +\|(.*?)\|.*?\| *(\w*) *\|/gm),
  ];
  return rows.map(([, name = '', type = '', labels = '', engine = '']) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label),
    engines: ENGINES[engine]!,
  }));
}
