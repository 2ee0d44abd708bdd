import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, type Engine } from '../../../config/config.js';
import { DatabaseFault } from '../../../database/faults/database-fault.js';
import { Reader } from '../../../database/reader.js';
import { FEED_HEAD, FEED_PAGES, type TimedQueries } from '../../../database/timed-queries.js';
import type { Item } from '../item.entity.js';
import type { ItemVersion, Snapshot } from '../item-version.js';
import { itemThen, parsed } from '../items.rows.js';
import { changesStatement, FIND_LATEST, SCANNED_MAX } from './changes.statements.js';
import { positionBehind, START, type Position } from './position.js';

/** A change of an item, with its place in the feed and the item after it. */
export type ItemChange = Omit<ItemVersion, 'snapshot' | 'commandId'> & {
  position: Position;
  /** null after a delete or an erasure, and if it was erased. */
  item: Item | null;
};

/** What a page is to have: `limit` and `maxBytes` at most, but one change always. */
export interface ChangesQuery {
  /** Undefined: from the oldest change that is kept with all that followed. */
  after: Position | undefined;
  limit: number;
  maxBytes: number;
  /** Only changes of these items. */
  ids?: string[];
  /** False: items are not read, and are null. */
  isWithItem: boolean;
}

/** A page of the feed, and the position behind it. With ids that is behind all changes that were looked at. */
export interface ChangesPage {
  changes: ItemChange[];
  position: Position;
  /** Whether no other change follows now. */
  isAtEnd: boolean;
}

/** Who asks: whoever wants a page, or the one who reads for all who follow. Each has a connection. */
type Asking = 'pages' | 'head';

interface FeedRow {
  trimmedTo: number | string;
  isStandby: boolean | 0;
  anchor: string | null;
  found: number | string;
  looked: number | string;
  scannedTo: number | string | null;
  scannedCommand: string | null;
}

type ChangeRow = Omit<ItemVersion, 'snapshot'> & { seq: number | string; snapshot: string | null };

/** The changes of all items in the database. Every method throws DatabaseFault. */
@Injectable()
export class ItemChanges {
  private readonly engine: Engine;
  private readonly queries: Record<Asking, TimedQueries>;

  constructor(
    private readonly reader: Reader,
    @Inject(FEED_PAGES) pages: TimedQueries,
    @Inject(FEED_HEAD) head: TimedQueries,
    @Inject(CONFIG) { database }: Pick<Config, 'database'>,
  ) {
    this.engine = database.engine;
    this.queries = { pages, head };
  }

  /**
   * The changes behind a position; undefined if it is not one of this feed, or changes behind it are no longer kept. Fault `unavailable`: a
   * standby has not come to it yet.
   */
  async findPage({ after, ...limits }: ChangesQuery, by: Asking = 'pages'): Promise<ChangesPage | undefined> {
    const { text, values } = changesStatement({ ...limits, after: after?.seq }, this.engine);
    const rows = await this.queries[by].rows<FeedRow & (ChangeRow | { seq: null })>(text, values);
    const [feed] = rows;
    if (!feed || (after && isGone(after, feed))) return undefined;
    const changes = rows.flatMap((row) => (row.seq === null ? [] : [itemChange(row)]));
    const most = limits.ids ? SCANNED_MAX : limits.limit;
    const isAtEnd = changes.length === Number(feed.found) && Number(feed.looked) < most;
    return { changes, position: endOf(changes, feed) ?? after ?? START, isAtEnd };
  }

  /** The position behind the newest change. */
  async findLatest(): Promise<Position> {
    const [row] = await this.reader.rows<{ seq: number | string; commandId: string }>(FIND_LATEST);
    return row ? positionBehind(row.seq, row.commandId) : START;
  }
}

function isGone({ seq, revision }: Position, { trimmedTo, isStandby, anchor }: FeedRow): boolean {
  if (seq === START.seq) return revision !== START.revision || Number(trimmedTo) > 0;
  if (isStandby && anchor === null && seq > Number(trimmedTo))
    throw new DatabaseFault('unavailable', new StandbyBehind());
  return seq <= Number(trimmedTo) || anchor === null || positionBehind(seq, anchor).revision !== revision;
}

class StandbyBehind extends Error {
  constructor() {
    super('the database is a standby that lacks changes which were given out before');
  }
}

// If changes are left over for the next page, it begins behind the last of this one.
function endOf(changes: ItemChange[], { found, scannedTo, scannedCommand }: FeedRow): Position | undefined {
  if (changes.length < Number(found)) return changes.at(-1)?.position;
  return scannedTo === null || scannedCommand === null ? undefined : positionBehind(scannedTo, scannedCommand);
}

function itemChange({ seq, snapshot, commandId, ...row }: ChangeRow): ItemChange {
  const { itemId, version, operation, at, actor, requestId } = row;
  return {
    position: positionBehind(seq, commandId),
    itemId,
    version,
    operation,
    at,
    actor,
    requestId,
    item: snapshot === null ? null : itemThen(parsed<Snapshot>(snapshot), commandId),
  };
}
