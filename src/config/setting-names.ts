/** The names of all settings. */
export const SETTING_NAMES = [
  'AUTH',
  'HOST',
  'PORT',
  'METRICS_PORT',
  'DATABASE_URL',
  'DATABASE_TIMEOUT_MS',
  'QUERY_TIMEOUT_MS',
  'HEADERS_TIMEOUT_MS',
  'REQUEST_TIMEOUT_MS',
  'KEEP_ALIVE_TIMEOUT_MS',
  'ANSWER_TIMEOUT_MS',
  'DRAIN_DELAY_MS',
  'SHUTDOWN_TIMEOUT_MS',
  'MAX_ANSWER_BYTES',
  'MAX_BODY_BYTES',
  'MAX_WAITING',
  'MAX_FOLLOWERS',
  'MAX_EVENT_LOOP_DELAY_MS',
  'IDEMPOTENCY_TTL_HOURS',
  'HISTORY_RETENTION_DAYS',
  'INDEXED_ATTRIBUTES',
  'LOG_LEVEL',
  'PUBLIC_URL',
  'ALLOWED_HOSTS',
  'CORS_ORIGINS',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_JWKS_URL',
  'JWT_JWKS_FILE',
  'JWT_ALGORITHMS',
  'REQUIRE_PRECONDITIONS',
  'REHEARSAL',
  'SEED',
  'RATE_LIMIT_READ',
  'RATE_LIMIT_WRITE',
  'TRUSTED_PROXIES',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_TRACES_EXPORTER',
  'OTEL_SDK_DISABLED',
] as const;

export type SettingName = (typeof SETTING_NAMES)[number];

/** Whether this is exactly the name of a setting. */
export function isSettingName(name: string): name is SettingName {
  return SETTING_NAMES.some((one) => one === name);
}

/** Whether the SDK of OpenTelemetry may read this, a setting of ours or not. */
export function isOpenTelemetryName(name: string): boolean {
  return name.startsWith('OTEL_');
}

/**
 * The setting that this name probably means: it has other case or separators, a typo, another unit or none. Undefined if it
 * is a setting or resembles none, such as PGHOST, HOSTNAME and PATH.
 */
export function settingMeantBy(name: string): SettingName | undefined {
  return isSettingName(name) ? undefined : SETTING_NAMES.find((setting) => resembles(name, setting));
}

function resembles(name: string, setting: SettingName): boolean {
  const [a, b] = [lettersOf(name), lettersOf(setting)];
  // OpenTelemetry has settings that differ in the last word.
  const stem = isOpenTelemetryName(setting) ? undefined : stemOf(setting);
  if (stem !== undefined && [a, lettersOf(stemOf(name) ?? '')].includes(lettersOf(stem))) return true;
  // Words as short as PORT are one letter away from many others.
  const slips = setting.length < 6 ? 1 : 2;
  return Math.abs(a.length - b.length) <= slips && distance(a, b) <= slips;
}

function lettersOf(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

// DATABASE_TIMEOUT_MS without its last word. A single remaining word would match too much.
function stemOf(name: string): string | undefined {
  const words = name.split(/[_.-]/);
  return words.length > 2 ? words.slice(0, -1).join('_') : undefined;
}

// Damerau-Levenshtein (optimal string alignment): letters left out, added, changed, or swapped with a neighbour.
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let i = 1; i <= a.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j += 1) {
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = isSwapped ? at(i - 2, j - 2) + 1 : Infinity;
      rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, swapped));
    }
  }
  return at(a.length, b.length);
}
