import { Refused } from '../../command-line/run-command.js';
import { STORED_MAX } from './stored-member.js';
import { areShapes, type TableShape } from './table-shape.js';

/** Says what a file is. It comes first, as JSON on a line. */
export interface Header {
  /** The number of the schema: that of the newest migration of the release that made the file. */
  schema: number;
  /** RFC 3339 in UTC, milliseconds. */
  madeAt: string;
  /** The position behind the last change in it: followers can go on there. */
  position: string;
  /** The attributes that have indexes, as filters name them. */
  indexedAttributes: string[];
  /** The tables, in the order in which their rows follow. */
  tables: TableShape[];
}

/** What stands behind the rows. `rows`: how many rows each table has. Digests are SHA-256 in hex. */
export interface Trailer {
  rows: Record<string, number>;
  /** Of the lines with the rows. Databases with the same content have the same, whatever their engine. */
  content: string;
  /** Of all bytes of the file before this. */
  file: string;
}

const FORMAT = 'items-backup';

/** The form of the file. A file with a higher one was made by a newer release. */
const VERSION = 1;

/** The bytes of the text of a trailer: it is filled up with spaces, so that it is found from the end of the file. */
export const TRAILER_BYTES = 1_024;

/** Throws Refused if it is too long for a file: only its list of attributes has no bound. */
export function headerText(header: Header): string {
  const text = `${JSON.stringify({ format: FORMAT, version: VERSION, ...header })}\n`;
  if (Buffer.byteLength(text) <= STORED_MAX) return text;
  throw new Refused(
    `A backup has no room for the names of ${header.indexedAttributes.length} attributes with indexes: they are longer than ` +
      `${STORED_MAX} bytes. Drop some of them (npm run indexes), or copy the database in another way.`,
  );
}

/** Reads the text of a header. `newer`: it is of a later form. Undefined: it is none. */
export function readHeader(text: string): Header | 'newer' | undefined {
  const found = objectIn(text) as Partial<Header> & { format?: unknown; version?: unknown };
  if (found.format !== FORMAT || typeof found.version !== 'number') return undefined;
  if (found.version > VERSION) return 'newer';
  const { schema, madeAt, position, indexedAttributes, tables } = found;
  const isWhole =
    typeof schema === 'number' &&
    typeof madeAt === 'string' &&
    typeof position === 'string' &&
    Array.isArray(indexedAttributes) &&
    areShapes(tables);
  return isWhole ? { schema, madeAt, position, indexedAttributes, tables } : undefined;
}

export function trailerText(trailer: Trailer): string {
  return `${JSON.stringify(trailer).padEnd(TRAILER_BYTES - 1)}\n`;
}

/** Reads the text of a trailer; undefined if it is none. */
export function readTrailer(text: string): Trailer | undefined {
  const { rows, content, file } = objectIn(text) as Partial<Trailer>;
  const isWhole = typeof rows === 'object' && typeof content === 'string' && typeof file === 'string';
  return isWhole ? { rows, content, file } : undefined;
}

function objectIn(text: string): object {
  try {
    return Object(JSON.parse(text)) as object;
  } catch {
    return {};
  }
}
