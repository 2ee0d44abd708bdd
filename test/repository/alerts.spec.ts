import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { OPERATIONS } from '../../src/operations.js';
import { problemsOf } from '../../src/contract/operation.js';
import { outside } from '../../src/http/outside.js';
import { documentedMetrics } from '../support/metrics/documented-metrics.js';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}

const { groups } = parse(readFileSync('deploy/prometheus-alerts.yaml', 'utf8')) as { groups: { rules: Rule[] }[] };
const RULES = groups.flatMap(({ rules }) => rules);
const METRICS = documentedMetrics();

/** Metrics and labels that Prometheus adds itself. */
const OF_PROMETHEUS = { metrics: ['up'], labels: ['instance', 'job', 'le'] };

/** What an expression names, as Prometheus' own grammar reads it. */
function namesIn(expr: string): { faults: string[]; metrics: string[]; labels: string[]; values: [string, string][] } {
  const [faults, metrics, labels]: [string[], string[], string[]] = [[], [], []];
  const values: [string, string][] = [];
  parser.parse(expr).iterate({
    enter: ({ name, type, from, to, node }) => {
      const text = expr.slice(from, to);
      if (type.isError) faults.push(`at ${from}: ${expr.slice(from, from + 20)}`);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.push(text);
      if (name === 'LabelName') labels.push(text);
      if (name === 'UnquotedLabelMatcher') {
        const [, label = '', value = ''] = /^(\w+)\s*(?:=~|!~|!=|=)\s*"(.*)"$/.exec(text) ?? [];
        values.push(...value.split('|').map((one): [string, string] => [label, one]));
      }
    },
  });
  return { faults, metrics, labels, values };
}

/** The metric that has this series: a histogram has several. */
function metricOf(series: string): (typeof METRICS)[number] | undefined {
  return METRICS.find(
    ({ name, type }) => (type === 'histogram' ? series.replace(/_(?:bucket|sum|count)$/, '') : series) === name,
  );
}

describe('deploy/prometheus-alerts.yaml', () => {
  it('has alerts, each with a name of its own', () => {
    expect(RULES.length).toBeGreaterThan(10);
    expect(new Set(RULES.map(({ alert }) => alert)).size).toBe(RULES.length);
  });

  it.each(RULES.map((rule) => [rule.alert, rule] as const))(
    '%s can be evaluated, with metrics that there are',
    (_, rule) => {
      const { faults, metrics } = namesIn(rule.expr);
      expect(faults).toEqual([]);
      expect(metrics.length).toBeGreaterThan(0);
      const unknown = metrics.filter((name) => !OF_PROMETHEUS.metrics.includes(name) && !metricOf(name));
      expect(unknown).toEqual([]);
      expect(['critical', 'warning']).toContain(rule.labels.severity);
    },
  );

  it.each(RULES.map((rule) => [rule.alert, rule] as const))(
    '%s names labels and values that there are',
    (_, { expr, annotations }) => {
      const { metrics, labels, values } = namesIn(expr);
      const known = [...OF_PROMETHEUS.labels, ...metrics.flatMap((name) => metricOf(name)?.labels ?? [])];
      const shown = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
      expect([...labels, ...shown].filter((label) => !known.includes(label))).toEqual([]);
      const codes = [...OPERATIONS, outside].flatMap(problemsOf).map(({ type }) => type.code);
      const ids = OPERATIONS.map(({ id }) => id);
      const stray = values.filter(([label, value]) => {
        if (label === 'problem') return !codes.includes(value);
        return label === 'operation' && !ids.includes(value);
      });
      expect(stray).toEqual([]);
    },
  );

  it('docs/metrics.md says what to do about each, in this order', () => {
    const page = readFileSync('docs/metrics.md', 'utf8');
    const rows = [...page.matchAll(/^\| `(Items\w+)` +\| (.+?) +\| (.+?) +\|$/gm)].map(([, alert]) => alert);
    expect(rows).toEqual(RULES.map(({ alert }) => alert));
  });
});
