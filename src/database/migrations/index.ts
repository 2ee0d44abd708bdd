import { CreateItems1764000000000 } from './1764000000000-create-items.js';

/** All migrations, oldest first; each serves both engines. */
export const MIGRATIONS = [CreateItems1764000000000];
