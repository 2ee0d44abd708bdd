import type { ChangesPage, ItemChange } from '../store/changes/item-changes.js';
import type { VersionOperation } from '../store/item-version.js';
import { positionText, type Position } from '../store/changes/position.js';
import { toChangeDto } from './change.dto.js';

/** A change as text, which any number of answers share. */
export interface FeedChange {
  position: Position;
  operation: VersionOperation;
  itemId: string;
  /** As JSON. */
  withItem: string;
  withoutItem: string;
}

function feedChange(change: ItemChange): FeedChange {
  return {
    position: change.position,
    operation: change.operation,
    itemId: change.itemId,
    withItem: JSON.stringify(toChangeDto(change, true)),
    withoutItem: JSON.stringify(toChangeDto(change, false)),
  };
}

/** Changes that follow one another, and the position behind them. Its bytes are made once for all who get them. */
export class FeedChanges {
  private readonly pages = new Map<boolean, Buffer>();
  private readonly events = new Map<boolean, Buffer>();

  constructor(
    readonly changes: FeedChange[],
    readonly position: Position,
    /** Whether these were the newest changes when they were read. */
    readonly isAtEnd: boolean,
  ) {}

  static of({ changes, position, isAtEnd }: ChangesPage): FeedChanges {
    return new FeedChanges(changes.map(feedChange), position, isAtEnd);
  }

  get isEmpty(): boolean {
    return this.changes.length === 0;
  }

  /** Those of some items, at most `limit`. */
  only(ids: ReadonlySet<string> | undefined, limit = Infinity): FeedChanges {
    const wanted = ids ? this.changes.filter(({ itemId }) => ids.has(itemId)) : this.changes;
    if (wanted.length > limit) return new FeedChanges(wanted.slice(0, limit), wanted[limit - 1]!.position, false);
    return wanted === this.changes ? this : new FeedChanges(wanted, this.position, this.isAtEnd);
  }

  /** Those behind a position. */
  behind({ seq }: Position): FeedChanges {
    const first = this.changes[0];
    if (!first || first.position.seq > seq) return this;
    return new FeedChanges(
      this.changes.filter(({ position }) => position.seq > seq),
      this.position,
      this.isAtEnd,
    );
  }

  /** The page of GET /changes, as JSON. */
  asPage(isWithItem: boolean): Buffer {
    return kept(this.pages, isWithItem, () => {
      const texts = this.changes.map((change) => textOf(change, isWithItem));
      return `{"changes":[${texts.join(',')}],"position":"${positionText(this.position)}"}`;
    });
  }

  /** An event for each (HTML, "Server-sent events", §9.2.5). JSON has no line break. */
  asEvents(isWithItem: boolean): Buffer {
    return kept(this.events, isWithItem, () =>
      this.changes
        .map((change) => {
          const { position, operation } = change;
          return `id: ${positionText(position)}\nevent: ${operation}\ndata: ${textOf(change, isWithItem)}\n\n`;
        })
        .join(''),
    );
  }
}

function kept(made: Map<boolean, Buffer>, isWithItem: boolean, make: () => string): Buffer {
  const bytes = made.get(isWithItem) ?? Buffer.from(make());
  made.set(isWithItem, bytes);
  return bytes;
}

function textOf({ withItem, withoutItem }: FeedChange, isWithItem: boolean): string {
  return isWithItem ? withItem : withoutItem;
}
