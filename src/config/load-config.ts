import { readConfig, type Config } from './config.js';
import { readEnvironment } from './env-file.js';

/** The configuration of this process, and what looks like a mistake in its environment or `.env`. */
interface LoadedConfig {
  config: Config;
  /** One sentence each, for the log. */
  remarks: string[];
}

/** Reads the configuration of this process. `defaults` are settings that count if they are not set. Throws ConfigError. */
export function loadConfig(defaults: NodeJS.ProcessEnv = {}): LoadedConfig {
  const { values, faults, remarks } = readEnvironment();
  const absent = Object.entries(defaults).filter(([name]) => !values[name]);
  return { config: readConfig({ ...values, ...Object.fromEntries(absent) }, { faults, remarks }), remarks };
}

/** The same for a tool, which opens the database but does not listen: `AUTH` may be missing. Throws ConfigError. */
export function loadConfigOfTool(): LoadedConfig {
  const { values, faults, remarks } = readEnvironment();
  return { config: readConfig({ ...values, AUTH: values.AUTH || 'required' }, { faults, remarks }), remarks };
}
