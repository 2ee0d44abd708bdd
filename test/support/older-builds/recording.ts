import { readFile } from 'node:fs/promises';
import type { Engine } from '../../../src/config/config.js';

/** The end of a connection to PostgreSQL. */
export interface End {
  on: number;
  isEnd: true;
}

/** One statement of a build, and what it got. */
export interface Step {
  isEnd?: undefined;
  /** The number of the connection. */
  on: number;
  /** The number of the statement in {@link Recording.statements}. */
  statement: number;
  /** The name under which PostgreSQL keeps it prepared. */
  name?: string;
  values?: unknown[];
  /** Its rows, if it reads a table of the service. */
  rows?: unknown[];
}

/** A request, and what the build answered. */
export interface Exchange {
  method: string;
  target: string;
  headers: Record<string, string>;
  body?: string;
  status: number;
  etag?: string;
  text: string;
}

/** All that a build said to its database while it made one, changed it, was started again, and changed it again. */
export interface Recording {
  statements: string[];
  /** The first start, on an empty database, and changes. */
  before: (Step | End)[];
  /** More of the same process. */
  beside: (Step | End)[];
  /** The second start, and changes. */
  after: (Step | End)[];
  /** Old versions are trimmed. */
  trimming: (Step | End)[];
  /** Before the trimming: the requests with a key, sent again. */
  repeats: Exchange[];
  /** Reads before the trimming, and the same behind it. */
  reads: Exchange[];
  readsOfRest: Exchange[];
}

/** The recording of a build on one engine. */
export async function recordingOf(build: string, engine: Engine): Promise<Recording> {
  return JSON.parse(await readFile(fileOf(build, engine), 'utf8')) as Recording;
}

export function fileOf(build: string, engine: Engine): URL {
  return new URL(`${build}.${engine}.json`, import.meta.url);
}
