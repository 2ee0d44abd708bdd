import { CreateItems1764000000000 } from './1764000000000-create-items.js';
import { AddCommandId1764000000001 } from './1764000000001-add-command-id.js';
import { CreateIdempotencyKeys1764000000002 } from './1764000000002-create-idempotency-keys.js';
import { AddRevision1764000000003 } from './1764000000003-add-revision.js';
import { CreateSchemaCompatibility1764000000004 } from './1764000000004-create-schema-compatibility.js';
import { AddTags1764000000005 } from './1764000000005-add-tags.js';
import { CreateApiKeys1764000000006 } from './1764000000006-create-api-keys.js';
import { NameCallers1764000000007 } from './1764000000007-name-callers.js';
import { IndexSorts1764000000008 } from './1764000000008-index-sorts.js';
import { SearchItems1764000000009 } from './1764000000009-search-items.js';
import { TrimHistory1764000000010 } from './1764000000010-trim-history.js';
import { EraseVersions1764000000011 } from './1764000000011-erase-versions.js';
import { RecordBatches1764000000013 } from './1764000000013-record-batches.js';
import { NoteBackups1764000000015 } from './1764000000015-note-backups.js';
import { BoundNewTerms1764000000016 } from './1764000000016-bound-new-terms.js';

/** All migrations, oldest first; each serves both engines. */
export const MIGRATIONS = [
  CreateItems1764000000000,
  AddCommandId1764000000001,
  CreateIdempotencyKeys1764000000002,
  AddRevision1764000000003,
  CreateSchemaCompatibility1764000000004,
  AddTags1764000000005,
  CreateApiKeys1764000000006,
  NameCallers1764000000007,
  IndexSorts1764000000008,
  SearchItems1764000000009,
  TrimHistory1764000000010,
  EraseVersions1764000000011,
  RecordBatches1764000000013,
  NoteBackups1764000000015,
  BoundNewTerms1764000000016,
];
