import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, type Engine } from '../../../config/config.js';
import { TimedQueries } from '../../../database/timed-queries.js';
import type { ListQuery, Page, PageKeys } from './list-query.js';
import { lastPosition, pageStatement, type PageRow } from './page.statements.js';
import { isPlain, plainPageStatement, readPlainPage, type PlainPageRow } from './plain-page.statement.js';

/** Lists of items in the database. Every method throws DatabaseFault: `too-slow` if the list was stopped. */
@Injectable()
export class ItemLists {
  private readonly engine: Engine;

  constructor(
    private readonly queries: TimedQueries,
    @Inject(CONFIG) config: Pick<Config, 'database'>,
  ) {
    this.engine = config.database.engine;
  }

  /** A page: up to `limit` items, and up to PAGE_MAX_BYTES together. */
  async findPage(query: ListQuery): Promise<Page> {
    const row = await this.rowOf(query, 'items');
    return { ...keysOf(row, query.limit), items: lines(row.items, row, query.limit).replaceAll('\n', ',') };
  }

  /** The keys of that page, for its entity-tag; the content is not read. */
  async findKeys(query: ListQuery): Promise<PageKeys> {
    return keysOf(await this.rowOf(query, 'keys'), query.limit);
  }

  private async rowOf(query: ListQuery, what: 'items' | 'keys'): Promise<PageRow> {
    if (isPlain(query)) {
      const { text, element, values } = plainPageStatement(query, what, this.engine);
      return readPlainPage(await this.queries.rowFor<PlainPageRow>(text, element, values));
    }
    const { text, values } = pageStatement(query, what, this.engine);
    const [row] = await this.queries.rows<PageRow>(text, values);
    return row!;
  }
}

function keysOf(row: PageRow, limit: number): PageKeys {
  const { shown, found, count } = row;
  const keys = lines(row.keys, row, limit);
  return {
    keys,
    ...(found !== null && found > Math.min(shown, limit) && { last: lastPosition(keys) }),
    // PostgreSQL counts in 64 bits, which its driver gives as text.
    ...(count !== undefined && { count: Number(count) }),
  };
}

/** The lines without the one beyond the limit. */
function lines(text: string | null | undefined, { shown }: PageRow, limit: number): string {
  if (!text) return '';
  return shown > limit ? text.slice(0, text.lastIndexOf('\n')) : text;
}
