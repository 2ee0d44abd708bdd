import type { Operation } from './contract/operation.js';
import * as health from './health/health.operations.js';
import * as items from './items/items.operations.js';
import * as reference from './reference/reference.operations.js';

/**
 * Every operation of the API, in the order of the documentation: whoever plays their examples from first to last, on a
 * database that is new, meets no 404. Start fails if a controller has one that is not here.
 */
export const OPERATIONS: Operation[] = [
  items.createItem,
  items.listItems,
  items.replaceItem,
  items.getItem,
  items.patchItem,
  items.deleteItem,
  reference.getIndex,
  reference.getExample,
  reference.getStatusCodes,
  reference.listProblemTypes,
  reference.getProblemType,
  reference.getOpenApi,
  reference.getDocs,
  reference.getDocsAsset,
  health.getLiveness,
  health.getReadiness,
];
