// RFC 7493 §2.1: no surrogates without a partner, and no noncharacters such as U+FFFE.
const NO_CHARACTERS = /[\p{Surrogate}\p{Noncharacter_Code_Point}]/gu;

/** Makes all strings of a value I-JSON (RFC 7493): code units that are not characters become escapes such as `\ud800`. */
export function asIJson<T>(value: T): T;
export function asIJson(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(NO_CHARACTERS, escapeOf);
  if (Array.isArray(value)) return value.map((element) => asIJson<unknown>(element));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asIJson<unknown>(member)]));
}

// Beyond U+FFFF there are two escapes, one for each UTF-16 unit (RFC 8259 §7).
function escapeOf(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
