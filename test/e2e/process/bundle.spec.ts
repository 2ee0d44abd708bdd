import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { queryDirectly } from '../../support/database/direct-sql.js';
import { newDatabase, type TestDatabase } from '../../support/database/engine.js';
import { killServices, MAIN, ServiceProcess } from '../../support/service-process.js';

const PACKAGES = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

/** Loaded from their packages: the binding of SQLite with the packages that find it, and the files of Swagger UI. */
const NOT_BUNDLED = ['sqlite3', 'bindings', 'file-uri-to-path', 'swagger-ui-dist'];

describe('the bundled service', () => {
  let database: TestDatabase;
  let install: string;
  beforeEach(async () => {
    database = await newDatabase();
    install = await mkdtemp(join(tmpdir(), 'items install-'));
  });
  afterEach(async () => {
    await killServices();
    await rm(install, { recursive: true });
    await database.drop();
  });

  it('needs no package that it contains, finds the files of Swagger UI, and logs the position of an error in the source', async () => {
    const isKept = (path: string) => path.includes('compile-cache');
    await cp(dirname(dirname(MAIN)), join(install, 'dist'), { recursive: true, filter: (path) => !isKept(path) });
    await cp(fileURLToPath(new URL('../../../package.json', import.meta.url)), join(install, 'package.json'));
    await mkdir(join(install, 'node_modules'));
    for (const name of NOT_BUNDLED) await symlink(join(PACKAGES, name), join(install, 'node_modules', name));
    // Each ends the process if it is loaded: Nest would silently do without one that is missing.
    for (const name of ['typeorm', 'class-validator', 'class-transformer']) {
      await mkdir(join(install, 'node_modules', name));
      await writeFile(join(install, 'node_modules', name, 'index.js'), 'process.exit(3)');
    }
    const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_TRACES_SAMPLER: 'always_off' };
    const environment = { DATABASE_URL: database.url, ...traces };
    const service = await ServiceProcess.start({ environment, main: join(install, 'dist/src/main.js') });
    const api = service.caller();
    (await api.put('/items/a', { name: 'a' })).expect(201);
    (await api.put('/items/b', { name: '' })).expect(400, 'invalid-body');
    (await api.get('/openapi.json')).expect(200);
    for (const file of ['swagger-ui-bundle.js', 'start.js']) (await api.get(`/docs/${file}`)).expect(200);
    await queryDirectly(database.config, 'ALTER TABLE items RENAME TO items_hidden');
    (await api.get('/items/none')).expect(500, 'unexpected');
    const { err } = JSON.parse(await service.line(/"stack"/)) as { err: { stack: string } };
    expect(err.stack).toMatch(/\(file:\/\/\/\S+\/items%20install-\S+\/src\/items\/\S+\.ts:\d+:\d+/);
    expect(await service.stop()).toMatchObject({ exitCode: 0, stderr: '' });
    await queryDirectly(database.config, 'ALTER TABLE items_hidden RENAME TO items');
    const kept = join(install, 'dist/compile-cache');
    const filesOf = async () =>
      Promise.all(
        (await readdir(kept, { recursive: true })).map(async (name) => [name, (await stat(join(kept, name))).mtimeMs]),
      );
    const files = await filesOf();
    expect(files).not.toEqual([]);
    const again = await ServiceProcess.start({ environment, main: join(install, 'dist/src/main.js') });
    await again.stop();
    expect(await filesOf()).toEqual(files);
  });

  it('leaves out what it never uses: drivers of other databases, telephone numbers, and traces until they are sent', () => {
    const text = readFileSync(join(dirname(MAIN), 'serve.cjs'), 'utf8');
    expect([text.includes('require("./tracing.cjs")'), text.includes('node_modules/@opentelemetry/sdk')]).toEqual([
      true,
      false,
    ]);
    const drivers = [...text.matchAll(/\b(\w+)Driver\d*=class\b/g)].map(([, name]) => name);
    expect(drivers.toSorted()).toEqual(['AbstractSqlite', 'Postgres', 'Sqlite']);
    expect(text.includes('country_calling_codes')).toBe(false);
  });
});
