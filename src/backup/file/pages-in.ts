import { PassThrough, type Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TableShape, Value } from './table-shape.js';
import type { Page } from './row-tally.js';

/** How many rows come together at most, and about how many characters. */
const MOST = { rows: 500, characters: 1_048_576 };

/** The longest line: several times that of the largest item. */
const LONGEST_LINE = 67_108_864;

/**
 * The rows in the packed lines of a backup, a few at a time. Tables come in the order of their shapes; one without rows comes once,
 * with none. Throws `damaged` for lines that are not those of a backup.
 */
export async function* pagesIn(
  packed: Readable,
  unpacker: Transform,
  shapes: TableShape[],
  damaged: Error,
): AsyncGenerator<Page> {
  const left = [...shapes];
  let page: Page | undefined;
  let characters = 0;
  for await (const line of linesOf(packed, unpacker, damaged)) {
    const found = jsonIn(line, damaged);
    if (!Array.isArray(found)) {
      if (page) yield page;
      const table = left.shift();
      if (!table || (found as { table?: unknown } | null)?.table !== table.name) throw damaged;
      page = { table, rows: [] };
      characters = 0;
      continue;
    }
    if (!page || !fits(found, page.table)) throw damaged;
    page.rows.push(found);
    characters += line.length;
    if (page.rows.length < MOST.rows && characters < MOST.characters) continue;
    yield page;
    page = { table: page.table, rows: [] };
    characters = 0;
  }
  if (page) yield page;
  if (left.length > 0) throw damaged;
}

async function* linesOf(packed: Readable, unpacker: Transform, damaged: Error): AsyncGenerator<string> {
  const output = new PassThrough({ encoding: 'utf8' });
  // Its error comes out of the loop below, too.
  pipeline(packed, unpacker, output).catch(() => undefined);
  let rest = '';
  try {
    for await (const chunk of output as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      if (rest.length > LONGEST_LINE) throw damaged;
      yield* lines;
    }
  } catch (error) {
    throw isOfZlib(error) ? damaged : error;
  }
  if (rest !== '') throw damaged;
}

function isOfZlib(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('Z_');
}

function jsonIn(line: string, damaged: Error): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw damaged;
  }
}

function fits(row: unknown[], { columns }: TableShape): row is Value[] {
  return (
    row.length === columns.length &&
    row.every((value, at) => value === null || typeof value === (columns[at]!.type === 'integer' ? 'number' : 'string'))
  );
}
