/** Limits of the item's members. Lengths count Unicode code points. */
export const NAME_MAX = 200;
export const DESCRIPTION_MAX = 2_000;
/** The most tags of an item. */
export const TAGS_MAX = 32;
/** The longest tag. */
export const TAG_MAX = 64;
export const ATTRIBUTES_MAX_DEPTH = 32;
/** As UTF-8 of JSON.stringify. */
export const ATTRIBUTES_MAX_BYTES = 16 * 1024;

/** Both limits as a sentence, for the documentation. */
export const ATTRIBUTES_LIMITS = `At most ${ATTRIBUTES_MAX_BYTES} bytes as compact JSON in UTF-8 and ${ATTRIBUTES_MAX_DEPTH} levels deep, itself being 1`;

/** The schema of tags. */
export const TAGS = {
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: TAG_MAX },
  maxItems: TAGS_MAX,
  uniqueItems: true,
  example: ['steel', 'metric'],
} as const;

export const ID_MAX = 128;

/** The grammar of an id, in paths and bodies alike. */
export const ITEM_ID = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,127}$/,
  expected: '1 to 128 of A-Z a-z 0-9 . _ ~ : - and start with a letter or digit',
  example: 'bolt-m8',
};

export const PAGE_LIMIT_MAX = 200;
export const PAGE_LIMIT_DEFAULT = 20;
