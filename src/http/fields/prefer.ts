/** The body that the client prefers in the answer to a change (RFC 7240 §4.2); undefined without a preference. */
export type ReturnPreference = 'minimal' | 'representation' | undefined;

/** A longer field is ignored, so that reading it costs little. */
const MAX_LENGTH = 1_000;

// RFC 7240 §2: commas separate preferences, but not inside quotes.
const PREFERENCE = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g;
const RETURN = /^\s*return\s*(?:$|[=;])/i;
const RETURN_VALUE = /^\s*return\s*=\s*("?)(minimal|representation)\1\s*(?:;|$)/i;

/**
 * The preference `return` in a Prefer field. The first counts. Anything unknown or malformed is ignored (RFC 7240 §2).
 */
export function returnPreference(field: string | undefined): ReturnPreference {
  if (field === undefined || field.length > MAX_LENGTH) return undefined;
  const first = field.match(PREFERENCE)?.find((preference) => RETURN.test(preference)) ?? '';
  return RETURN_VALUE.exec(first)?.[2]?.toLowerCase() as ReturnPreference;
}

/**
 * The value of Preference-Applied (RFC 7240 §3); undefined if the answer follows no preference. `isMinimal`: it has no body because
 * of one. A replayed answer is like the first one, so it may not follow the preference of the repeat.
 */
export function followedPreference(preference: ReturnPreference, isMinimal: boolean): string | undefined {
  const followed = isMinimal ? 'minimal' : preference;
  if (followed === undefined || (followed === 'minimal') !== isMinimal) return undefined;
  return `return=${followed}`;
}
