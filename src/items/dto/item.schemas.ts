import { READ_ONLY_MEMBERS } from '../store/item.members.js';
import { ATTRIBUTES_MAX_BYTES, ATTRIBUTES_MAX_DEPTH, ID_MAX, TAG_MAX, TAGS_MAX } from '../store/item.limits.js';

export const PAGE_LIMIT_MAX = 200;
export const PAGE_LIMIT_DEFAULT = 20;

const idPattern = `[A-Za-z0-9][A-Za-z0-9._~:-]{0,${ID_MAX - 1}}`;

/** The grammar of an id, in paths and bodies alike. */
export const ITEM_ID = {
  pattern: new RegExp(`^${idPattern}$`),
  expected: `1 to ${ID_MAX} of A-Z a-z 0-9 . _ ~ : - and start with a letter or digit`,
  example: 'bolt-m8',
};

/** The id in a path. A new SQLite file has this item; elsewhere the example of PUT creates it. */
export const ITEM_PARAMETER = { ...ITEM_ID, example: '1' };

/** A list of ids, in a query. */
export const ITEM_IDS = {
  pattern: new RegExp(`^${idPattern}(?:,${idPattern}){0,${PAGE_LIMIT_MAX - 1}}$`),
  expected: `a list of up to ${PAGE_LIMIT_MAX} ids, separated by commas; an id is ${ITEM_ID.expected}`,
  example: 'bolt-m8,nut-m8',
};

/** The schema of tags. */
export const TAGS = {
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: TAG_MAX },
  maxItems: TAGS_MAX,
  uniqueItems: true,
  example: ['steel', 'metric'],
} as const;

/** Both limits as a sentence, for the documentation. */
export const ATTRIBUTES_LIMITS = `At most ${ATTRIBUTES_MAX_BYTES} bytes as compact JSON in UTF-8 and ${ATTRIBUTES_MAX_DEPTH} levels deep, itself being 1`;

/** The members that a patch can't change, for a sentence. */
export const READ_ONLY_NAMES = READ_ONLY_MEMBERS.join(', ').replace(/, (\w+)$/, ' or $1');
