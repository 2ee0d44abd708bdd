import type { Logger } from 'pino';

/** Where the service is, once it serves. */
export interface Place {
  /** As configured: HOST, and the port that is listened on. */
  host: string;
  port: number;
  /** The address that HOST stands for. */
  address: string;
  /** Where the data is, without secrets. */
  database: string;
}

/** Standard output, as far as it matters here. */
export interface Output {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Says where the service is: to a person at a terminal in plain words, else as a line of the log. */
export function announce({ host, port, address, database }: Place, logger: Logger, output: Output): void {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const url = `http://${authority}`;
  const warning = /^(127\.|::1$)/.test(address)
    ? undefined
    : `Items has no access control: everybody who reaches ${authority} can read and change everything.`;
  if (output.isTTY && logger.isLevelEnabled('info')) {
    // After the lines that the log has gathered in this turn.
    setImmediate(() => output.write(greeting(url, database, warning)));
  } else {
    logger.info(`Items listens. API: ${url} Swagger UI: ${url}/docs Database: ${database}`);
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
Ctrl-C stops it. Until then each request gets a line of JSON here.

`;
}
