import { randomUUID } from 'node:crypto';
import { DatabaseFault } from '../database/faults/database-fault.js';
import { NO_CONDITIONS } from '../http/fields/conditions/preconditions.js';
import { decideAll } from './jobs.rules.js';
import { contentOf } from './store/item.members.js';
import type { WriteSide } from './store/write-side.js';

/** No request can have this id. */
const ID = '(trial)';

/** Code points of each length in UTF-8. */
const NAME = 'az \u{E9} \u{4F8B} \u{1F600}';

/** Thrown to roll the write back. */
class TakenBack extends Error {}

/**
 * Writes an item with a key as every change is written, reads it, and rolls it back. Throws DatabaseFault; its cause says
 * what the database refuses.
 */
export async function tryToWrite(writeSide: WriteSide): Promise<void> {
  const now = new Date().toISOString();
  const command = {
    kind: 'create',
    id: ID,
    content: contentOf({ name: NAME }),
    guard: { conditions: NO_CONDITIONS },
  } as const;
  const key = { caller: ID, key: randomUUID(), fingerprint: '' };
  const job = { command, actor: ID, requestId: ID, commandId: randomUUID(), isMinimal: false };
  const { set } = decideAll(new Map(), [{ jobs: [job], key }], now);
  try {
    await writeSide.underLock(async (session) => {
      await session.save(set, now);
      const name = (await session.findMany([ID])).get(ID)?.name;
      if (name !== NAME) throw new Error(`it gave "${name}" back for "${NAME}"`);
      throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof DatabaseFault && error.cause instanceof TakenBack)) throw error;
  }
}
