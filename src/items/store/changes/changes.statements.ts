import type { Engine } from '../../../config/config.js';
import { Bindings, type Statement } from '../bindings.js';

/** About the most bytes of a change without its item, and of a page without its changes. */
export const FRAME_BYTES = 1_024;

/** How many changes a page looks at if it is to have only those of some items. */
export const SCANNED_MAX = 10_000;

/** Which changes a page is to have. */
export interface PageLimits {
  /** Only those behind this sequence number; undefined: from the oldest that is kept with all that followed. */
  after: number | undefined;
  limit: number;
  /** The most bytes of the page. One change always fits. */
  maxBytes: number;
  /** Only changes of these items. */
  ids?: string[];
  /** False: snapshots are null, and count as nothing. */
  isWithItem: boolean;
}

/**
 * A page of changes, in their order, and the state of the feed in the same snapshot. There is at least one row. Columns about the feed:
 * `trimmedTo`, the highest number that was trimmed; `anchor`, the command of the change at `after`; `found`, how many changes there are
 * at least; `looked`, how many were looked at; `scannedTo` and `scannedCommand`, the last change that was looked at; `isStandby`, whether changes of
 * another server may yet come. All others are null if there is no change.
 */
export function changesStatement({ after, limit, maxBytes, ids, isWithItem }: PageLimits, engine: Engine): Statement {
  const bindings = new Bindings(engine);
  const snapshot = isWithItem ? 'CAST(v.snapshot AS text)' : 'CAST(NULL AS text)';
  const start =
    after === undefined ? '(SELECT trimmed_to FROM history_trimming)' : `CAST(${bindings.add(after)} AS bigint)`;
  const most = `CAST(${bindings.add(limit)} AS integer)`;
  const scanned = ids ? String(SCANNED_MAX) : most;
  const text = `
WITH scanned AS (
  SELECT seq, item_id FROM item_versions WHERE seq > ${start} ORDER BY seq LIMIT ${scanned}
),
sized AS (
  SELECT v.seq AS change_seq, coalesce(octet_length(${snapshot}), 0) + ${FRAME_BYTES} AS bytes
  FROM scanned AS s CROSS JOIN item_versions AS v
  WHERE v.seq = s.seq${ids ? ` AND s.item_id ${isOneOf(ids, bindings, engine)}` : ''} ORDER BY s.seq LIMIT ${most} + 1
),
page AS (
  SELECT change_seq, row_number() OVER oldest AS place, sum(bytes) OVER oldest AS total
  FROM sized WINDOW oldest AS (ORDER BY change_seq)
),
feed AS (
  SELECT trimmed_to AS "trimmedTo", ${engine === 'sqlite' ? 'false' : 'pg_is_in_recovery()'} AS "isStandby", (SELECT command_id FROM item_versions WHERE seq = ${start}) AS anchor,
         (SELECT count(*) FROM sized) AS found, (SELECT count(*) FROM scanned) AS looked, (SELECT max(seq) FROM scanned) AS "scannedTo",
         (SELECT command_id FROM item_versions WHERE seq = (SELECT max(seq) FROM scanned)) AS "scannedCommand"
  FROM history_trimming
)
SELECT feed.*, c.* FROM feed LEFT JOIN (
  SELECT v.seq, v.item_id AS "itemId", v.version, v.operation, ${snapshot} AS snapshot, v.actor,
         v.request_id AS "requestId", v.command_id AS "commandId", v.at
  FROM page CROSS JOIN item_versions AS v
  WHERE v.seq = change_seq AND place <= ${most} AND (place = 1 OR total <= ${maxBytes - FRAME_BYTES})
) AS c ON true
ORDER BY c.seq`;
  return { text, values: bindings.values };
}

function isOneOf(ids: string[], bindings: Bindings, engine: Engine): string {
  return engine === 'sqlite'
    ? `IN (SELECT value FROM json_each(${bindings.add(JSON.stringify(ids))}))`
    : `= ANY(${bindings.add(ids)}::varchar[])`;
}

/** The newest change. */
export const FIND_LATEST = 'SELECT seq, command_id AS "commandId" FROM item_versions ORDER BY seq DESC LIMIT 1';
