import { ConfigError, type Config, type DatabaseConfig } from './config.js';
import { readConfig } from './read-config.js';
import { readEnvironment, shareWithOpenTelemetry } from './env-file.js';
import { parseDatabaseUrl } from './settings/database-address.js';
import { Misfit } from './settings/misfit.js';

/** The configuration of this process, and what looks like a mistake in its environment or `.env`. */
interface LoadedConfig {
  config: Config;
  /** One sentence each, for the log. */
  remarks: string[];
}

/** Reads the configuration of this process. Throws ConfigError. */
export function loadConfig(): LoadedConfig {
  const { values, faults, remarks } = readEnvironment();
  const config = readConfig(values, { faults, remarks });
  if (config.tracing) shareWithOpenTelemetry(values);
  return { config, remarks: [...remarks, ...remarksOn(config)] };
}

// Whoever names an issuer may believe that its tokens are asked for.
function remarksOn({ auth, jwt }: Config): string[] {
  return auth === 'off' && jwt
    ? ['The settings JWT_… have no effect, since AUTH is off: nobody is asked for a token']
    : [];
}

/** The same for a tool, which opens the database but does not listen: `AUTH` may be missing. Throws ConfigError. */
export function loadConfigOfTool(): LoadedConfig {
  const { values, faults, remarks } = readEnvironment();
  return { config: readConfig({ ...values, AUTH: values.AUTH || 'required' }, { faults, remarks }), remarks };
}

/**
 * The PostgreSQL database that everything is moved to: `MOVE_TO`, only from the environment, since it is for one command. Its limits are those of
 * the configuration. Throws ConfigError.
 */
export function loadMoveTarget({ database }: Config): DatabaseConfig & { engine: 'postgres' } {
  const address = parseDatabaseUrl(process.env.MOVE_TO ?? '');
  if (address instanceof Misfit) throw new ConfigError(address.expected.map((one) => `MOVE_TO must be ${one}`));
  if (address?.engine !== 'postgres') {
    throw new ConfigError(['MOVE_TO must be postgres://user:password@host:port/database, percent-encoded']);
  }
  return { ...address, timeoutMs: database.timeoutMs, queryTimeoutMs: database.queryTimeoutMs };
}
