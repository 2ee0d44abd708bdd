import { readConfig, type Config } from './config.js';
import { readEnvironment, shareWithOpenTelemetry } from './env-file.js';

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
