import type { Logger } from 'pino';

/** Where to reach the service, and where its data is. */
export interface Place {
  /** HOST as configured. */
  host: string;
  /** The port that the service listens on. */
  port: number;
  /** The address that HOST resolves to. */
  address: string;
  /** Where the data is, without secrets. */
  database: string;
}

/** The part of standard output that is used here. */
export interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Says where the service is: in plain text on a terminal, otherwise as a line of the log. */
export function announce({ host, port, address, database }: Place, logger: Logger, output: Output): void {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const url = `http://${authority}`;
  const warning = /^(127\.|::1$)/.test(address)
    ? undefined
    : `Items has no access control: anyone who can reach ${authority} can read and change everything.`;
  if (output.isTTY && logger.isLevelEnabled('info')) {
    // After the log lines of this turn.
    setImmediate(() => output.write(greeting(url, database, warning)));
  } else {
    logger.info(`Items is listening. API: ${url} Swagger UI: ${url}/docs Database: ${database}`);
    if (warning) logger.warn(warning);
  }
}

function greeting(url: string, database: string, warning?: string): string {
  return `
Items is ready.

  API           ${url}
  Swagger UI    ${url}/docs
  Status codes  ${url}/status-codes
  Database      ${database}
${warning ? `\n${warning}\n` : ''}
Press Ctrl-C to stop. Each request is logged below as a line of JSON.

`;
}
