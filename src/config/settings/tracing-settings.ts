/** The settings of OpenTelemetry that this service reads. Its SDK reads these and all others from the environment itself. */
type TracingSetting =
  'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' | 'OTEL_TRACES_EXPORTER' | 'OTEL_SDK_DISABLED';

/** Reads one setting, and notes its faults. */
type Read = <T>(
  name: TracingSetting,
  setting: { fallback: string; expected: string; parse: (text: string) => T | undefined; secret?: boolean },
) => T;

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] as const;

// The SDK would send elsewhere without a word.
const ENDPOINT = { fallback: '', expected: 'an http or https URL', parse: parseUrl, secret: true };

const SWITCH = { fallback: 'false', expected: 'true or false', parse: parseBoolean };

// The SDK's exporter to the console would write what is no JSON between the lines of the log.
const EXPORTER = { fallback: 'otlp', expected: 'otlp or none', parse: parseExporter };

/** Whether spans are sent: whether there is an endpoint, and neither the SDK nor its exporter is off. */
export function readTracing(environment: NodeJS.ProcessEnv, read: Read): boolean {
  const endpoints = ENDPOINTS.filter((name) => environment[name]).map((name) => read(name, ENDPOINT));
  const exporter = read('OTEL_TRACES_EXPORTER', EXPORTER);
  return !read('OTEL_SDK_DISABLED', SWITCH) && exporter !== 'none' && endpoints.length > 0;
}

function parseUrl(text: string): string | undefined {
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

function parseExporter(text: string): string | undefined {
  return text === 'otlp' || text === 'none' ? text : undefined;
}

// OpenTelemetry, "Boolean": in any case.
function parseBoolean(text: string): boolean | undefined {
  const value = text.toLowerCase();
  return value === 'true' || (value === 'false' ? false : undefined);
}
