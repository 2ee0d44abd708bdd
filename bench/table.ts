/** The result of a server in one round. Times in microseconds. */
export interface Seen {
  perSecond: number;
  mainThreadUs: number;
}

/** One kind of request over a number of connections, with the results of each server by its name. */
export interface Cell {
  kind: string;
  connections: number;
  seen: Record<string, Seen[]>;
}

/** A Markdown table of medians: requests per second, their ratio in a round, and CPU time of the main thread per request. */
export function table(cells: Cell[]): string {
  const servers = Object.keys(cells[0]?.seen ?? {});
  const others = servers.filter((name) => name !== 'Items');
  const head = [
    'request',
    'connections',
    ...servers.map((name) => `${name}, requests/s`),
    ...others.map((name) => `Items ÷ ${name}`),
    ...servers.map((name) => `${name}, µs/request`),
  ];
  const rows = cells.map(({ kind, connections, seen }) => {
    const all = (name: string, member: keyof Seen) => (seen[name] ?? []).map((round) => round[member]);
    const ratios = (name: string) => {
      const speeds = all(name, 'perSecond');
      return all('Items', 'perSecond').map((speed, round) => speed / (speeds[round] ?? Number.NaN));
    };
    return [
      kind,
      connections,
      ...servers.map((name) => Math.round(median(all(name, 'perSecond')))),
      ...others.map((name) => median(ratios(name)).toFixed(2)),
      ...servers.map((name) => Math.round(median(all(name, 'mainThreadUs')))),
    ];
  });
  return [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows]
    .map((values) => `| ${values.join(' | ')} |\n`)
    .join('');
}

/** How far the requests per second of one server differed between rounds, at worst and at the median, in percent. */
export function spread(cells: Cell[]): string {
  const widths = cells
    .flatMap(({ seen }) => Object.values(seen))
    .map((rounds) => {
      const speeds = rounds.map(({ perSecond }) => perSecond);
      return (Math.max(...speeds) - Math.min(...speeds)) / median(speeds);
    })
    .toSorted((a, b) => a - b);
  return `Rounds differed by ${percent(widths[widths.length >> 1])} at the median, ${percent(widths.at(-1))} at worst.\n`;
}

function percent(width = Number.NaN): string {
  return `${Math.round(width * 100)} %`;
}

// For an odd number of values.
function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
