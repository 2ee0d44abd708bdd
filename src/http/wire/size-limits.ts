/** The most that Node's parser reads of header block and request target together, in bytes. */
export const PARSER_LIMIT_BYTES = 32_768;

/** The longest request target that is read, in bytes. */
export const TARGET_LIMIT_BYTES = 8_192;

/** The largest header block that is read, in bytes: names, values and four more per line (RFC 9112 §5). */
export const HEADER_LIMIT_BYTES = 16_384;

/** The most header fields that are read. */
export const HEADER_LIMIT_FIELDS = 200;
