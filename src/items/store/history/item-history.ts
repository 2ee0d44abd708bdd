import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, type Engine } from '../../../config/config.js';
import { TimedQueries } from '../../../database/timed-queries.js';
import type { Item } from '../item.entity.js';
import type { ItemVersion, Snapshot } from '../item-version.js';
import { itemThen, parsed } from '../items.rows.js';
import type { Statement } from '../bindings.js';
import { versionAtStatement, versionsStatement, versionStatement } from './history.statements.js';

/** A version with the whole item as it was then; a delete has none. */
export type PastVersion = Pick<ItemVersion, 'version' | 'operation' | 'at' | 'actor' | 'requestId' | 'commandId'> & {
  item: Item | null;
};

/** Some versions, the newest first, and whether older ones follow. */
export interface VersionPage {
  versions: PastVersion[];
  isLast: boolean;
}

type VersionRow = Omit<PastVersion, 'item'> & { snapshot: string | null; found?: number };

/** The earlier versions of items in the database. Every method throws DatabaseFault. */
@Injectable()
export class ItemHistory {
  private readonly engine: Engine;

  constructor(
    private readonly queries: TimedQueries,
    @Inject(CONFIG) config: Pick<Config, 'database'>,
  ) {
    this.engine = config.database.engine;
  }

  /** The versions of an item before one: up to `limit`, and up to VERSIONS_MAX_BYTES together. */
  async findPage(itemId: string, before: number, limit: number): Promise<VersionPage> {
    const rows = await this.rows(versionsStatement(itemId, before, limit, this.engine));
    return { versions: rows.map(pastVersion), isLast: (rows[0]?.found ?? 0) === rows.length };
  }

  async find(itemId: string, version: number): Promise<PastVersion | undefined> {
    const [row] = await this.rows(versionStatement(itemId, version, this.engine));
    return row && pastVersion(row);
  }

  /** The version that was current at a time: RFC 3339 in UTC, milliseconds. Undefined before the first one. */
  async findAt(itemId: string, at: string): Promise<PastVersion | undefined> {
    const [row] = await this.rows(versionAtStatement(itemId, at, this.engine));
    return row && pastVersion(row);
  }

  private rows({ text, values }: Statement): Promise<VersionRow[]> {
    return this.queries.rows(text, values);
  }
}

function pastVersion({ snapshot, ...row }: VersionRow): PastVersion {
  const { version, operation, at, actor, requestId, commandId } = row;
  return {
    version,
    operation,
    at,
    actor,
    requestId,
    commandId,
    item: snapshot === null ? null : itemThen(parsed<Snapshot>(snapshot), commandId),
  };
}
