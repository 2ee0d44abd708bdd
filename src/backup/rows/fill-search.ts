/** Asks for the terms of all items, which are then made by steps. */
export const BEGIN_FILLING = `DELETE FROM search_filling; INSERT INTO search_filling (filled_to) VALUES ('')`;

/** How many items one step takes. */
export const FILLED_AT_ONCE = 500;
