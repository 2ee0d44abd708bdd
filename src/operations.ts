import type { Operation } from './contract/operation.js';
import * as health from './health/health.operations.js';
import * as batch from './items/batch/batch.operations.js';
import * as changes from './items/changes/changes.operations.js';
import * as items from './items/contract/items.operations.js';
import * as versions from './items/contract/versions.operations.js';
import * as lists from './items/contract/lists.operations.js';
import * as metrics from './metrics/metrics.operations.js';
import * as reference from './reference/reference.operations.js';

/**
 * Every operation of the API, in the order of the documentation. Their examples, sent in this order to a new database, get
 * no 404. The start fails if a controller has an operation that is missing here.
 */
export const OPERATIONS: Operation[] = [
  items.createItem,
  lists.listItems,
  lists.queryItems,
  items.replaceItem,
  items.getItem,
  items.patchItem,
  items.deleteItem,
  versions.listVersions,
  versions.eraseVersions,
  versions.getVersion,
  versions.restoreItem,
  batch.changeItems,
  changes.listChanges,
  changes.getLatestPosition,
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
  metrics.getMetrics,
];
