import type { Operation } from './contract/operation.js';
import * as items from './items/items.operations.js';
import * as service from './reference/reference.operations.js';

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
  service.getIndex,
  service.getExample,
  service.getStatusCodes,
  service.listProblemTypes,
  service.getProblemType,
  service.getOpenApi,
  service.getDocs,
  service.getDocsAsset,
  service.getLiveness,
  service.getReadiness,
];
