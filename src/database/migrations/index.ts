import { CreateItems1764000000000 } from './1764000000000-create-items.js';
import { AddCommandId1764000000001 } from './1764000000001-add-command-id.js';

/** All migrations, oldest first; each serves both engines. */
export const MIGRATIONS = [CreateItems1764000000000, AddCommandId1764000000001];
