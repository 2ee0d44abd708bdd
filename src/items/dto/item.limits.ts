/** Limits of the item's members. Lengths count Unicode code points. */
export const NAME_MAX = 200;
export const DESCRIPTION_MAX = 2_000;
export const ATTRIBUTES_MAX_DEPTH = 32;
/** As UTF-8 of JSON.stringify. */
export const ATTRIBUTES_MAX_BYTES = 16 * 1024;

/** Both for the documentation. */
export const ATTRIBUTES_LIMITS = `At most ${ATTRIBUTES_MAX_BYTES} bytes as compact JSON in UTF-8 and ${ATTRIBUTES_MAX_DEPTH} levels deep, itself being 1`;

export const ID_MAX = 128;

/** The grammar of an id, in paths and bodies alike. */
export const ITEM_ID = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._~:-]{0,127}$/,
  expected: '1 to 128 of A-Z a-z 0-9 . _ ~ : - and start with a letter or digit',
  example: 'bolt-m8',
};

export const PAGE_LIMIT_MAX = 200;
export const PAGE_LIMIT_DEFAULT = 20;
