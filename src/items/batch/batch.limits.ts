/** The most operations of a batch: as many as one group of the writer has. */
export const OPERATIONS_MAX = 500;

/** The largest body of a batch. Each operation has no more than a request of its own may have. */
export const BATCH_BODY_LIMITS = { bytes: 2_097_152, values: 100_000 };

/** The most room that is taken for the answer before it is made: what even the smallest MAX_ANSWER_BYTES has for large answers. */
export const ANSWER_ROOM_MAX_BYTES = 3_145_728;
