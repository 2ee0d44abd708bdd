import { MAX_SHOWN_LENGTH, shortened } from '../../../problems/faults.js';

/** One character more than is shown, so that `shortened` sees that there is more. */
const ENOUGH = MAX_SHOWN_LENGTH + 1;

/** A JSON value as text, cut where it is long. Writes out no more than is shown: the value may be a megabyte. */
export function shownJson(value: unknown): string {
  let text = '';
  for (const piece of piecesOf(value)) {
    text += piece;
    if (text.length >= ENOUGH) break;
  }
  return shortened(text);
}

function* piecesOf(value: unknown): Generator<string> {
  if (typeof value === 'string') return yield JSON.stringify(value.slice(0, ENOUGH));
  if (typeof value !== 'object' || value === null) return yield JSON.stringify(value);
  const isArray = Array.isArray(value);
  let isFirst = true;
  yield isArray ? '[' : '{';
  for (const name in value) {
    if (!isFirst) yield ',';
    isFirst = false;
    if (!isArray) yield `${JSON.stringify(name.slice(0, ENOUGH))}:`;
    yield* piecesOf(Reflect.get(value, name));
  }
  yield isArray ? ']' : '}';
}
