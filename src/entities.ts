import { ApiKey } from './access/keys/api-key.entity.js';
import type { Engine } from './config/config.js';
import type { Entities } from './database/data-source-options.js';
import { IdempotencyRecord } from './idempotency/idempotency-record.entity.js';
import { itemVersionSchema } from './items/store/item-version.js';
import { Item } from './items/store/item.entity.js';

/** All tables of the service, for the DataSources and the drift check. */
export function entitiesFor(engine: Engine): Entities {
  return [Item, itemVersionSchema(engine), IdempotencyRecord, ApiKey];
}
