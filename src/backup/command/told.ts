/** What people call the rows of a table. */
const NAMES: Record<string, string> = {
  items: 'items, deleted ones too',
  item_versions: 'versions',
  api_keys: 'API keys',
  idempotency_keys: 'records of Idempotency-Keys',
};

/** How many rows there are, for people. */
export function counted(rows: Record<string, number>): string {
  const told = Object.entries(NAMES).map(([table, name]) => `${rows[table] ?? 0} ${name}`);
  return `${told.slice(0, -1).join(', ')} and ${told.at(-1)}`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
