import { Injectable } from '@nestjs/common';
import { itemNotFound } from './contract/items.problems.js';
import { cursorAfterVersion, type VersionsRequest } from './contract/versions-request.js';
import { versionErased, versionNotFound, versionTrimmed } from './contract/versions.problems.js';
import { parseTime } from './filter/time-value.js';
import type { Item } from './store/item.entity.js';
import { ItemHistory, type PastVersion } from './store/history/item-history.js';
import { isErased } from './store/item-version.js';
import { ItemsRepository } from './store/items.repository.js';

/** What can be read of the past of items. Every method can also throw DatabaseFault. */
@Injectable()
export class VersionsService {
  constructor(
    private readonly history: ItemHistory,
    private readonly repository: ItemsRepository,
  ) {}

  /** A page of versions, and the cursor of the next one. Problem: itemNotFound (404) if the id was never used. */
  async list(
    itemId: string,
    { before, limit }: VersionsRequest,
  ): Promise<{ versions: PastVersion[]; next: string | null }> {
    const { versions, isLast } = await this.history.findPage(itemId, before, limit);
    const last = versions.at(-1);
    if (!last) await this.requireUsed(itemId);
    return { versions, next: last && !isLast ? cursorAfterVersion(itemId, last.version) : null };
  }

  /** Problems: itemNotFound if the id was never used, versionNotFound (404), versionTrimmed, versionErased (410). */
  async get(itemId: string, version: number): Promise<PastVersion> {
    const found = (await this.history.find(itemId, version)) ?? (await this.findAgain(itemId, version));
    if (isErased(found)) throw versionErased(itemId, { version });
    return found;
  }

  /**
   * The item as it was at a time of RFC 3339. Problems: versionNotFound while it did not exist, itemNotFound if the id was never used
   * (404), versionErased, and versionTrimmed before the oldest version that was kept (410).
   */
  async getAt(itemId: string, time: string): Promise<Item> {
    const { stored } = parseTime(time)!;
    // An offset can lead to the year before, which RFC 3339 can't write.
    const at = stored.startsWith('-') ? '0000-01-01T00:00:00.000Z' : stored;
    const found = await this.history.findAt(itemId, at);
    if (found?.item) return found.item;
    const wasDeleted = found?.operation === 'delete' || found?.operation === 'erase';
    if (wasDeleted) throw versionNotFound(itemId, { at, isDelete: true });
    if (found) throw versionErased(itemId, { at });
    await this.requireUsed(itemId);
    const isWhole = (await this.history.find(itemId, 1)) !== undefined;
    throw isWhole ? versionNotFound(itemId, { at }) : versionTrimmed(itemId, { at });
  }

  /** A version that was not there at first. Problems as above. */
  private async findAgain(itemId: string, version: number): Promise<PastVersion> {
    const newest = await this.requireUsed(itemId);
    if (version >= newest.version) throw versionNotFound(itemId, { version });
    // It may have been made between the two reads.
    const made = await this.history.find(itemId, version);
    if (!made) throw versionTrimmed(itemId, { version });
    return made;
  }

  /** The row of the item, a tombstone too. */
  private async requireUsed(itemId: string): Promise<Item> {
    const item = await this.repository.find(itemId);
    if (!item) throw itemNotFound(itemId);
    return item;
  }
}
