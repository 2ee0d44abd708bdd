import { pointerTo } from '../../../problems/problem.js';

type Container = unknown[] | Record<string, unknown>;

/** A path does not exist in the document; `message` names it. */
export class NoSuchPlace extends Error {}

const MAX_POINTER_LENGTH = 200;

// RFC 6901 §4: an array index has no leading zeros.
const INDEX = /^(?:0|[1-9]\d*)$/;

/** The value at a path, whose tokens are unescaped (RFC 6901 §4). Throws NoSuchPlace. */
export function valueAt(document: unknown, path: string[]): unknown {
  // The document itself may have been removed.
  if (document === undefined) throw nothingAt(path, 0);
  return path.reduce<unknown>((value, token, at) => childOf(containerOf(value, path, at), token, path, at), document);
}

/**
 * Adds a value (RFC 6902 §4.1): inserts it into an array, or adds or replaces a member. Returns the document, or the value
 * where that replaces the whole document. Throws NoSuchPlace.
 */
export function add(document: unknown, path: string[], value: unknown): unknown {
  const [container, token] = placeOf(document, path);
  if (!container) return value;
  if (Array.isArray(container)) {
    container.splice(token === '-' ? container.length : indexIn(container.length, token, path), 0, value);
  } else container[token] = value;
  return document;
}

/** Removes the value at a path (RFC 6902 §4.2). Returns the document; undefined if that was removed. Throws NoSuchPlace. */
export function remove(document: unknown, path: string[]): unknown {
  valueAt(document, path);
  const [container, token] = placeOf(document, path);
  if (!container) return undefined;
  if (Array.isArray(container)) container.splice(Number(token), 1);
  else delete container[token];
  return document;
}

/** Replaces the value at a path (RFC 6902 §4.3). Returns the document, or the value if that replaces it. Throws NoSuchPlace. */
export function replace(document: unknown, path: string[], value: unknown): unknown {
  valueAt(document, path);
  const [container, token] = placeOf(document, path);
  if (!container) return value;
  Reflect.set(container, token, value);
  return document;
}

/** Whether two JSON values are equal. RFC 6902 §4.6: arrays in order, members in any order, numbers by value. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((value, index) => isSameJson(value, other[index]));
  }
  if (!isContainer(one) || !isContainer(other) || Array.isArray(other)) return one === other;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every(
    (name) => Object.hasOwn(other, name) && isSameJson(Reflect.get(one, name), Reflect.get(other, name)),
  );
}

/** The container that the last token of a path leads into; undefined for the document itself. */
function placeOf(document: unknown, path: string[]): [container: Container | undefined, token: string] {
  const token = path.at(-1);
  if (token === undefined) return [undefined, ''];
  return [containerOf(valueAt(document, path.slice(0, -1)), path, path.length - 1), token];
}

function childOf(container: Container, token: string, path: string[], at: number): unknown {
  if (Array.isArray(container)) return container[indexIn(container.length - 1, token, path)];
  if (!Object.hasOwn(container, token)) throw nothingAt(path, at + 1);
  return container[token];
}

function indexIn(last: number, token: string, path: string[]): number {
  if (!INDEX.test(token) || Number(token) > last) throw nothingAt(path, path.length);
  return Number(token);
}

function containerOf(value: unknown, path: string[], at: number): Container {
  if (!isContainer(value)) throw nothingAt(path, at + 1);
  return value;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function nothingAt(path: string[], length: number): NoSuchPlace {
  return new NoSuchPlace(`There is nothing at "${pointerOf(path.slice(0, length))}" when this operation runs.`);
}

/** The JSON Pointer of a path, cut after 200 characters. */
export function pointerOf(path: string[]): string {
  return path.slice(0, MAX_POINTER_LENGTH).map(pointerTo).join('').slice(0, MAX_POINTER_LENGTH);
}
