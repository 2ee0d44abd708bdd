import { tableOf } from '../../../command-line/table.js';
import type { ApiKey } from '../api-key.entity.js';

/** A key as it is listed: nothing of its secret, and no digest. Times are RFC 3339, null if there is none. */
interface ListedKey {
  id: string;
  name: string;
  scopes: string[];
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  rotatedAt: string | null;
  /** Until when the secret before the last rotation works. */
  oldSecretUntil: string | null;
  revokedAt: string | null;
  state: 'active' | 'expired' | 'revoked';
}

const HEADINGS = ['ID', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED', 'STATE'];

/** The state of a key at a time. */
export function stateOf({ expiresAt, revokedAt }: ApiKey, now: Date): ListedKey['state'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now.toISOString() ? 'expired' : 'active';
}

/** The keys as JSON. */
export function jsonOf(keys: ApiKey[], now: Date): string {
  return `${JSON.stringify(
    keys.map((key) => listed(key, now)),
    null,
    2,
  )}\n`;
}

/** The keys as a table with a line for each. */
export function listOf(keys: ApiKey[], now: Date): string {
  const rows = keys.map((key) => {
    const { id, name, scopes, createdAt, expiresAt, lastUsedAt, oldSecretUntil, state } = listed(key, now);
    const old = oldSecretUntil === null ? '' : `, old secret until ${shown(oldSecretUntil)}`;
    const times = [createdAt, expiresAt ?? 'never', lastUsedAt ?? 'never'].map(shown);
    return [id, name, scopes.join(','), ...times, `${state}${old}`];
  });
  return tableOf(HEADINGS, rows);
}

function listed(key: ApiKey, now: Date): ListedKey {
  const { id, name, scopes, createdAt, expiresAt, lastUsedAt, rotatedAt, previousUntil, revokedAt } = key;
  const state = stateOf(key, now);
  const isOldUsable = state === 'active' && previousUntil !== null && previousUntil > now.toISOString();
  return {
    id,
    name,
    scopes: scopes.split(' '),
    createdAt,
    expiresAt,
    lastUsedAt,
    rotatedAt,
    oldSecretUntil: isOldUsable ? previousUntil : null,
    revokedAt,
    state,
  };
}

/** A time to the minute. */
function shown(time: string): string {
  return time.replace(/^(.{10})T(.{5}).*Z$/, '$1 $2Z');
}
