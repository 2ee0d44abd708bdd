import type { RequestField } from '../../contract/fields.js';
import { POSITION_PATTERN, positionText, START } from '../store/changes/position.js';

/** HTML, "Server-sent events", §9.2.4: what an EventSource sends when it connects again. */
export const LAST_EVENT_ID_FIELD: RequestField = {
  name: 'Last-Event-ID',
  description: 'The position to go on from; `after` is ignored then. A browser sends it when it connects again',
  example: '42-9f86d081',
  harmless: positionText(START),
  // HTML, "Server-sent events", §9.2.6: an empty id stands for none.
  pattern: `^(?:${POSITION_PATTERN})?$`,
  isFor: ({ id }) => id === 'listChanges',
};
