import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Misfit } from './misfit.js';

/** False: the connection is not encrypted. Otherwise options of Node's tls.connect(), without the host. */
export type Tls =
  | false
  | { ca?: string; cert?: string; key?: string; rejectUnauthorized?: boolean; checkServerIdentity?: () => undefined };

/** The TLS parameters of a connection URI. */
export const TLS_PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;

type Parameter = (typeof TLS_PARAMETERS)[number];

// PGSSLMODE too: otherwise a connection that it should encrypt would not be encrypted.
const VARIABLES = { sslmode: 'PGSSLMODE', sslrootcert: 'PGSSLROOTCERT', sslcert: 'PGSSLCERT', sslkey: 'PGSSLKEY' };

const MODES = ['disable', 'require', 'verify-ca', 'verify-full'];

/** Instead of a file: the certificate authorities that Node knows. */
const SYSTEM = 'system';

/**
 * Reads `sslmode` and the parameters beside it as libpq does (PostgreSQL 18, §32.19.1). pg would treat require and verify-ca
 * as verify-full, with a warning. A Unix socket is never encrypted.
 */
export function readTls(parameters: ReadonlyMap<string, string>, isSocket: boolean): Tls | Misfit {
  const at = (name: Parameter) => parameters.get(name) ?? (process.env[VARIABLES[name]] || undefined);
  const mode = at('sslmode') ?? 'disable';
  const rootCertificate = at('sslrootcert');
  if (!MODES.includes(mode)) {
    return new Misfit(
      `a URL with sslmode=${MODES.join(' or sslmode=')}: others leave open whether the connection is encrypted`,
    );
  }
  if (mode === 'verify-ca' && (rootCertificate ?? SYSTEM) === SYSTEM) {
    return new Misfit('a URL with sslrootcert=<file of the certificate authority>, since it has sslmode=verify-ca');
  }
  const files = isSocket || mode === 'disable' ? {} : filesAt(at);
  if (files instanceof Misfit) return files;
  if (isSocket || mode === 'disable') return false;
  if (mode === 'verify-full') return files;
  return files.ca === undefined ? { ...files, rejectUnauthorized: false } : { ...files, checkServerIdentity: anyName };
}

function filesAt(at: (name: Parameter) => string | undefined): Exclude<Tls, false> | Misfit {
  const wrong: string[] = [];
  const read = (name: Parameter, check: (text: string) => unknown): string | undefined => {
    const file = at(name);
    if (file === undefined || (name === 'sslrootcert' && file === SYSTEM)) return undefined;
    try {
      const text = readFileSync(file, 'utf8');
      check(text);
      return text;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      wrong.push(`a URL whose ${name} is a PEM file (${file}: ${code})`);
      return undefined;
    }
  };
  const files = {
    ca: read('sslrootcert', (text) => new X509Certificate(text)),
    cert: read('sslcert', (text) => new X509Certificate(text)),
    key: read('sslkey', createPrivateKey),
  };
  if ((at('sslcert') === undefined) !== (at('sslkey') === undefined)) wrong.push('a URL with both sslcert and sslkey');
  return wrong.length > 0 ? new Misfit(...wrong) : files;
}

function anyName(): undefined {}
