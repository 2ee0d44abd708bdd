import type { Operation } from './http/contract/operation.js';
import * as items from './items/items.contract.js';
import * as service from './service/service.contract.js';

/** Every operation of the API. */
export const OPERATIONS: Operation[] = [...Object.values(items), ...Object.values(service)];
