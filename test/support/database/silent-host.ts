import type { DatabaseConfig } from '../../../src/config/config.js';
import { SwitchingProxy } from '../postgres/switching-proxy.js';
import { impatientConfigOf, migratedDatabase } from './engine.js';

/** A database server behind a network that loses all packets while a test says so. */
export interface SilentHost {
  database: DatabaseConfig;
  swallow(this: void): void;
  /** New connections work again; those from before never do. */
  mend(this: void): void;
  remove(this: void): Promise<void>;
}

/** Only on PostgreSQL. */
export async function prepareSilentHost(): Promise<SilentHost> {
  const { url, drop } = await migratedDatabase();
  const proxy = await SwitchingProxy.start(Number(new URL(url).port));
  return {
    database: impatientConfigOf(Object.assign(new URL(url), { port: proxy.port }).href),
    swallow: () => proxy.swallow(),
    mend: () => proxy.mend(),
    remove: async () => {
      await proxy.close();
      await drop();
    },
  };
}
