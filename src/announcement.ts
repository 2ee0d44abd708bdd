import type { Logger } from 'pino';
import type { Auth } from './config/settings/access-settings.js';
import { isLoopback, isLoopbackUrl } from './config/settings/loopback.js';

/** Where to reach the service, and where its data is. */
export interface Place {
  /** HOST as configured. */
  host: string;
  /** The port that the service listens on. */
  port: number;
  /** The port of the metrics, if they have one of their own. */
  metricsPort?: number | undefined;
  /** The address that HOST resolves to. */
  address: string;
  /** Where the data is, without secrets. */
  database: string;
  /** Whether operations with a scope need a credential. */
  auth: Auth;
  /** PUBLIC_URL as configured. */
  publicUrl: string | undefined;
}

/** The part of standard output and standard error that is used here. */
interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Says where the service is: in plain text on a terminal, otherwise as a line of the log. That nobody is asked for credentials is said
 * at every LOG_LEVEL: where the log has no warnings, on standard error.
 */
export function announce(place: Place, logger: Logger, output: Output, errors: Pick<Output, 'write'>): void {
  const { host, port, database } = place;
  const name = host.includes(':') ? `[${host}]` : host;
  const authority = `${name}:${port}`;
  const metrics = place.metricsPort === undefined ? undefined : `http://${name}:${place.metricsPort}/metrics`;
  const url = `http://${authority}`;
  const warning = warningOf(place, authority);
  if (output.isTTY && logger.isLevelEnabled('info')) {
    // After the log lines of this turn.
    setImmediate(() => output.write(greeting(url, database, metrics, warning)));
  } else {
    const ofMetrics = metrics === undefined ? '' : ` Metrics: ${metrics}`;
    logger.info(`Items is listening. API: ${url} Swagger UI: ${url}/docs${ofMetrics} Database: ${database}`);
    if (warning && logger.isLevelEnabled('warn')) logger.warn(warning);
    else if (warning) errors.write(`${warning}\n`);
  }
}

function warningOf({ address, auth, publicUrl }: Place, authority: string): string | undefined {
  if (auth === 'required') return undefined;
  const isPublic = publicUrl !== undefined && !isLoopbackUrl(publicUrl);
  if (!isPublic && isLoopback(address)) return undefined;
  return `Items asks for no credentials (AUTH=off): anyone who can reach ${isPublic ? publicUrl : authority} can read and change everything.`;
}

function greeting(url: string, database: string, metrics?: string, warning?: string): string {
  const ofMetrics = metrics === undefined ? '' : `  Metrics       ${metrics}\n`;
  return `
Items is ready.

  API           ${url}
  Swagger UI    ${url}/docs
  Status codes  ${url}/status-codes
${ofMetrics}  Database      ${database}
${warning ? `\n${warning}\n` : ''}
Press Ctrl-C to stop. Each request is logged below as a line of JSON.

`;
}
