import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, type Engine } from '../../../config/config.js';
import { Reader } from '../../../database/reader.js';
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

/** The earlier versions of items in the database. Every method throws DatabaseFault: findPage `too-slow` if it was stopped. */
@Injectable()
export class ItemHistory {
  private readonly engine: Engine;

  constructor(
    private readonly queries: TimedQueries,
    private readonly reader: Reader,
    @Inject(CONFIG) config: Pick<Config, 'database'>,
  ) {
    this.engine = config.database.engine;
  }

  /** The versions of an item before one: up to `limit`, and up to VERSIONS_MAX_BYTES together. */
  async findPage(itemId: string, before: number, limit: number): Promise<VersionPage> {
    const { text, values } = versionsStatement(itemId, before, limit, this.engine);
    const rows = await this.queries.rows<VersionRow>(text, values);
    return { versions: rows.map(pastVersion), isLast: (rows[0]?.found ?? 0) === rows.length };
  }

  async find(itemId: string, version: number): Promise<PastVersion | undefined> {
    return this.one(versionStatement(itemId, version, this.engine));
  }

  /** The version that was current at a time: RFC 3339 in UTC, milliseconds. Undefined before the first one. */
  async findAt(itemId: string, at: string): Promise<PastVersion | undefined> {
    return this.one(versionAtStatement(itemId, at, this.engine));
  }

  private async one({ text, values }: Statement): Promise<PastVersion | undefined> {
    const [row] = await this.reader.rows<VersionRow>(text, values);
    return row && pastVersion(row);
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
