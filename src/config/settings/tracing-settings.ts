/** The settings of OpenTelemetry that this service reads. Its SDK reads these and all others from the environment itself. */
type TracingSetting = 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' | 'OTEL_SDK_DISABLED';

/** Reads one setting, and notes its faults. */
type Read = <T>(
  name: TracingSetting,
  setting: { fallback: string; expected: string; parse: (text: string) => T | undefined; secret?: boolean },
) => T;

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] as const;

// The SDK would send elsewhere without a word.
const ENDPOINT = { fallback: '', expected: 'an http or https URL', parse: parseUrl, secret: true };

const SWITCH = { fallback: 'false', expected: 'true or false', parse: parseBoolean };

/** Whether spans are sent: whether there is an endpoint, and the SDK is not disabled. */
export function readTracing(environment: NodeJS.ProcessEnv, read: Read): boolean {
  const endpoints = ENDPOINTS.filter((name) => environment[name]).map((name) => read(name, ENDPOINT));
  return !read('OTEL_SDK_DISABLED', SWITCH) && endpoints.length > 0;
}

function parseUrl(text: string): string | undefined {
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

// OpenTelemetry, "Boolean": in any case.
function parseBoolean(text: string): boolean | undefined {
  const value = text.toLowerCase();
  return value === 'true' || (value === 'false' ? false : undefined);
}
