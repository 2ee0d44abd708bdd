import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { makeBackupFolder } from '../../support/backups/backups.js';
import { fileOf } from '../../support/built-command.js';
import { connectDirectly, queryDirectly } from '../../support/database/direct-sql.js';
import { describeOnServer } from '../../support/database/engine.js';
import { addChanges } from '../../support/database/many-changes.js';
import { startTestApp } from '../../support/test-app.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// On PostgreSQL, where a table can keep it waiting in the middle. What it does with signals does not depend on the engine.
describeOnServer('npm run backup', () => {
  it('ends with 1 at each signal that asks for it, and leaves no file', async () => {
    const [folder, service] = [await makeBackupFolder(), await startTestApp()];
    const { database } = service.config;
    // Some pages, so that a signal that comes during one is noticed behind the next.
    await addChanges(database, 500);
    const holding = await connectDirectly(database);
    try {
      await holding.query('BEGIN');
      await holding.query('LOCK TABLE idempotency_keys IN ACCESS EXCLUSIVE MODE');
      const env = { PATH: process.env.PATH, DATABASE_URL: database.engine === 'postgres' ? database.url : '' };
      const running = SIGNALS.map((signal) =>
        spawn(process.execPath, [fileOf('backup'), folder.path(signal)], { env, stdio: 'ignore' }),
      );
      const ended = running.map((one) => once(one, 'exit'));
      const waiting = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'idempotency_keys'::regclass`;
      while ((await queryDirectly(database, waiting)).length < SIGNALS.length) await delay(10);
      expect(await readdir(folder.path('.'))).toHaveLength(SIGNALS.length);
      for (const [at, signal] of SIGNALS.entries()) running[at]!.kill(signal);
      await holding.query('ROLLBACK');
      expect(await Promise.all(ended)).toEqual(SIGNALS.map(() => [1, null]));
      expect(await readdir(folder.path('.'))).toEqual([]);
    } finally {
      await holding.close();
      await service.close();
      await folder.remove();
    }
  });
});
