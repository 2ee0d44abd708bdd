import { isIPv6 } from 'node:net';
import { userInfo } from 'node:os';
import { Misfit } from './misfit.js';
import { readTls, TLS_PARAMETERS, type Tls } from './postgres-tls.js';

/** A PostgreSQL database, and how to connect to it. pg takes undefined members from PGPORT and the like. */
export interface PostgresAddress {
  /** A host name, an IP address, or the folder of a Unix socket. */
  host: string;
  port?: number;
  user?: string;
  password?: string;
  database?: string;
  /** As libpq's `application_name`. */
  applicationName?: string;
  /** Settings of the session, such as `-c search_path=items`. */
  options?: string;
  tls: Tls;
}

const PARAMETERS = ['host', 'port', 'user', 'password', 'application_name', 'options', ...TLS_PARAMETERS];

// With an unencoded @, /, ? or #, part of a password would be read as another part of the URL, and a driver's errors would
// show it. So these characters may only separate user:password, host:port, database and parameters.
const FORM =
  /^postgres(?:ql)?:\/\/(?:([^@/?#]*)@)?(\[[^\]@/?#]*\]|[^[\]@:/?#]*)(?::([^@/?#]*))?(?:\/([^@/?#]*))?(?:\?([^@#]*))?$/;

const ENCODED =
  'postgres://user:password@host:port/database, percent-encoded: in user and password write %40 for @, %3A for :, %2F for /, ' +
  '%3F for ?, %23 for # and %25 for %';
const WITH_HOST = 'a URL with one host, or with the folder of a socket: postgres:///database?host=/run/postgresql';
const WITH_PORT = 'a URL with a port from 1 to 65535';
const KNOWN_ONLY = `a URL with no other parameters than ${PARAMETERS.join(', ')}, each once`;

/** Reads a connection URI as libpq does (PostgreSQL 18, §32.1.1.2). If it can't be read, no part of it is shown. */
export function readPostgresUrl(url: string): PostgresAddress | Misfit {
  const [whole, login = '', authority = '', portText = '', path = '', query = ''] = FORM.exec(url) ?? [];
  const [, user = '', password = ''] = /^([^:]*)(?::(.*))?$/.exec(login) ?? [];
  const parts = [user, password, authority.replace(/^\[(.*)\]$/, '$1'), portText, path].map(decoded);
  const pairs = query.split('&').filter(Boolean).map(parameterOf);
  if (whole === undefined || [...parts, ...pairs.flat()].includes(undefined)) return new Misfit(ENCODED);
  return addressOf(parts as string[], pairs as [name: string, value: string][]);
}

function addressOf(parts: string[], pairs: [name: string, value: string][]): PostgresAddress | Misfit {
  const given = new Map(pairs);
  const [user, password, host = '', port = '', database] = parts.map((part, index) => {
    const name = ['user', 'password', 'host', 'port'][index];
    return (name !== undefined && given.get(name)) || part;
  });
  const tls = readTls(given, host.startsWith('/'));
  const expected = [
    ...(isHost(host) ? [] : [WITH_HOST]),
    ...(/^(\d{1,5})?$/.test(port) && Number(port || 1) <= 65_535 && Number(port || 1) > 0 ? [] : [WITH_PORT]),
    ...(given.size === pairs.length && [...given.keys()].every((name) => PARAMETERS.includes(name))
      ? []
      : [KNOWN_ONLY]),
    ...(tls instanceof Misfit ? tls.expected : []),
  ];
  if (tls instanceof Misfit || expected.length > 0) return new Misfit(...expected);
  return {
    host,
    port: port ? Number(port) : undefined,
    user: user || process.env.PGUSER || systemUser(),
    password: password || undefined,
    database: database || undefined,
    applicationName: given.get('application_name'),
    options: given.get('options'),
    tls,
  };
}

// Undefined for bad percent-encoding, which may be part of a password, and for control characters: NUL ends strings in the
// protocol.
function decoded(text: string): string | undefined {
  try {
    const plain = decodeURIComponent(text);
    return /\p{Cc}/u.test(plain) ? undefined : plain;
  } catch {
    return undefined;
  }
}

// As in libpq, "+" is not a space.
function parameterOf(pair: string): [name: string | undefined, value: string | undefined] {
  const [, name = '', value = ''] = /^([^=]*)(?:=(.*))?$/.exec(pair) ?? [];
  return [decoded(name), decoded(value)];
}

// libpq takes several hosts, separated by commas, and tries each. pg does not.
function isHost(host: string): boolean {
  return host.startsWith('/') || isIPv6(host) || /^[A-Za-z0-9._-]+$/.test(host);
}

// As in libpq. In a container the user id may have no name.
function systemUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
