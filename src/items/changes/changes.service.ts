import { Injectable } from '@nestjs/common';
import { ItemChanges, type ChangesPage } from '../store/changes/item-changes.js';
import { positionText, type Position } from '../store/changes/position.js';
import type { ChangesRequest } from './changes-request.js';
import { positionGone } from './changes.problems.js';
import { CHANGES_MAX_BYTES } from './changes.operations.js';
import { NOW } from './list-changes.dto.js';

/** The feed of all changes. Every method can also throw DatabaseFault. */
@Injectable()
export class ChangesService {
  constructor(private readonly changes: ItemChanges) {}

  /** A page. Problem: positionGone (410). */
  async list({ after, limit, ids }: ChangesRequest): Promise<ChangesPage> {
    if (after === NOW) return { changes: [], position: await this.latest() };
    const page = await this.changes.findPage({ after, limit, ids, maxBytes: CHANGES_MAX_BYTES });
    if (!page) throw positionGone(positionText(after!), positionText(await this.latest()));
    return page;
  }

  /** The position behind the newest change. */
  latest(): Promise<Position> {
    return this.changes.findLatest();
  }
}
