import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import { FOREIGN_MIGRATIONS, FOREIGN_SCHEMA, MOVED } from './migrations/schema.js';

/** A migration that was carried out. */
export interface Migrated {
  migration: string;
  durationMs: number;
}

/** What a database needs to be up to date. */
export interface Plan {
  /** Whether it has no table of the service yet. */
  isNew: boolean;
  isUpToDate: boolean;
  /** Runs the missing migrations, on the runner and in its transaction: all, or those up to the schema with this number. */
  carryOut(this: void, upTo?: number): Promise<Migrated[]>;
}

/** Error: these migrations are foreign, so this release can't run on the database. */
export function requireNoForeign(foreign: string[]): void {
  if (foreign.includes(MOVED)) throw new Error('it was moved to PostgreSQL by `npm run move`. Use that database.');
  if (foreign.length > 0) throw new Error(`${FOREIGN_SCHEMA} (${foreign.join(', ')}). Start that release.`);
}

/** Error: the schema is from a newer release, which does not say that this one may run on it, or the file was moved. */
export async function planOf(migrator: DataSource, runner: QueryRunner): Promise<Plan> {
  const executor = new MigrationExecutor(migrator, runner);
  const executed = await executor.getExecutedMigrations();
  const known = await executor.getAllMigrations();
  const unknown = executed.map(({ name }) => name).filter((name) => !known.some((one) => one.name === name));
  if (unknown.length > 0) {
    const saysMore = await runner.hasTable('schema_compatibility');
    const rows: { name: string }[] = saysMore ? await runner.query(FOREIGN_MIGRATIONS) : [];
    requireNoForeign(saysMore ? rows.map(({ name }) => name) : unknown);
  }
  // TypeORM's own question for these reads the executed ones again.
  const pending = known.filter(({ name }) => !executed.some((one) => one.name === name));
  const carryOut = async (upTo = Infinity) => {
    const done: Migrated[] = [];
    for (const migration of pending.filter(({ timestamp }) => timestamp <= upTo)) {
      const startedAt = performance.now();
      await executor.executeMigration(migration);
      done.push({ migration: migration.name, durationMs: Math.round(performance.now() - startedAt) });
    }
    return done;
  };
  return { isNew: executed.length === 0, isUpToDate: pending.length === 0, carryOut };
}
