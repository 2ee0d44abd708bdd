/** Limits of the members of an item, for columns and rules alike. Lengths count Unicode code points. */
export const ID_MAX = 128;
export const NAME_MAX = 200;
export const DESCRIPTION_MAX = 2_000;
/** The most tags of an item. */
export const TAGS_MAX = 32;
/** The longest tag. */
export const TAG_MAX = 64;
export const ATTRIBUTES_MAX_DEPTH = 32;
/** As UTF-8 of JSON.stringify. */
export const ATTRIBUTES_MAX_BYTES = 16 * 1024;
