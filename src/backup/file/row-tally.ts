import { createHash } from 'node:crypto';
import type { TableShape, Value } from './table-shape.js';

/** The rows of one table that come together. */
export interface Page {
  table: TableShape;
  rows: Value[][];
}

/** Counts rows and makes the digest of their lines, while they pass. */
export class RowTally {
  readonly rows: Record<string, number> = {};
  private readonly hash = createHash('sha256');

  /** Notes the next rows, and returns their lines. */
  add({ table, rows }: Page): string {
    const isFirst = this.rows[table.name] === undefined;
    this.rows[table.name] = (this.rows[table.name] ?? 0) + rows.length;
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const text = isFirst ? `${JSON.stringify({ table: table.name })}\n${lines}` : lines;
    this.hash.update(text);
    return text;
  }

  /** To be called once, at the end. */
  digest(): string {
    return this.hash.digest('hex');
  }
}
