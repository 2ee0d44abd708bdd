import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const { BEFORE_DATABASE } = (await import(new URL('./one-engine.mjs', import.meta.url).href)) as {
  BEFORE_DATABASE: string[];
};

const JEST = fileURLToPath(new URL('../../../node_modules/jest/bin/jest.js', import.meta.url));
const HERE = fileURLToPath(new URL('./', import.meta.url));
const ENVIRONMENT = { PATH: process.env.PATH, TMPDIR: tmpdir(), NO_COLOR: '1' };

/** With a memory limit, Jest never runs quick files in its own process. */
const IN_A_WORKER = ['--maxWorkers=1', '--workerIdleMemoryLimit=1GB'];

/** Parameters of Jest, with the settings of jest.config.js for this runner. */
function parametersFor(files: string, ...more: string[]): string[] {
  const config = {
    rootDir: HERE,
    roots: [files.startsWith('/') ? files.slice(0, files.lastIndexOf('/')) : HERE],
    runtime: '<rootDir>/native-runtime.cjs',
    testEnvironment: '<rootDir>/native-environment.cjs',
    cacheDirectory: '<rootDir>/../../../node_modules/.cache/jest',
    displayName: 'fixtures',
    globals: { ENGINE: 'sqlite' },
    testMatch: [files],
    transform: {},
  };
  return [JEST, `--config=${JSON.stringify(config)}`, ...more];
}

function runFixtures(names: string, ...options: string[]): string {
  const parameters = parametersFor(`<rootDir>/fixtures/${names}.fixture.ts`, '--verbose', ...options);
  // The global set-up of a run registers the module hooks too.
  const more = ['--import', new URL('./register.mjs', import.meta.url).href];
  return spawnSync(process.execPath, [...more, ...parameters], { encoding: 'utf8', env: ENVIRONMENT }).stderr;
}

it('the list of files that run on one engine names files that exist', async () => {
  const lists = Object.values(
    (await import(new URL('./one-engine.mjs', import.meta.url).href)) as Record<string, string[]>,
  );
  const missing = lists.flat().filter((name) => !existsSync(join(HERE, '../../e2e', name)));
  expect({ empty: lists.filter(({ length }) => length === 0), missing }).toEqual({ empty: [], missing: [] });
});

it.each(['microservices', 'platform-express', 'websockets'])(
  '@nestjs/%s, for which tests get nothing, is not installed',
  (name) => {
    expect(existsSync(join(HERE, '../../../node_modules/@nestjs', name))).toBe(false);
  },
);

describe('a test file without a database', () => {
  it.each(BEFORE_DATABASE)('%s starts no service that has one', async (name) => {
    const text = await readFile(join(HERE, '../../e2e', name), 'utf8');
    expect(text).toContain('startWithoutDatabase(');
    expect(text).not.toMatch(
      /startTestApp|startStopping|startedService|startJudges|listenOnly|ServiceProcess|newDatabase|migratedDatabase|direct-sql/,
    );
  });
});

describe('the runner of the tests', () => {
  const said = runFixtures('{one,other,broken,hollow,rows,uncaught}', ...IN_A_WORKER);

  it('files of a project share modules, but no timers and mocks', () => {
    expect(said).toContain('✓ is visitor 1');
    expect(said).toContain('✓ is visitor 2');
  });

  it('a test that asserts nothing fails, even if hooks assert', () => {
    expect(said).toMatch(/● fails where only a hook asserts\s+The test asserted nothing\./);
  });

  it('a test whose title names several rows fails unless each has an assertion', () => {
    const failures = [...said.matchAll(/● (\[A1\].*)\n\n {4}(.*)/g)].map(([, title, why]) => [title, why]);
    expect(failures).toEqual([
      ['[A1] [B2] no assertion is marked', 'No assertion is marked with proves() for A1, B2.'],
      ['[A1] [B2] only one row has an assertion', 'No assertion is marked with proves() for A1.'],
      ['[A1] another row is marked', 'The title does not name C3.'],
    ]);
  });

  it('a test is reported once, also if other files ran before it', () => {
    expect(said.match(/● fails where only a hook asserts/g)).toHaveLength(1);
  });

  it('a test that fails fails the run, and its line is that of the TypeScript file', () => {
    expect(said).toMatch(/> 10 \|   expect\(here\.line\)\.toBe\(0\);/);
    expect(said).toMatch(/at Object\.<anonymous> \(fixtures\/broken\.fixture\.ts:10:21\)/);
    expect(said).toContain('Tests:       7 failed, 5 passed, 12 total');
  });

  it('an error that nobody catches fails the test that runs, and no promise is followed to know it', () => {
    const lines = said.match(/^ +[✓✕●] (?:fails where a|no hook).*|^ {4}(?:thrown|rejected) .*/gm);
    expect(lines?.map((line) => line.trim().replace(/ \(\d+ ms\)$/, ''))).toEqual([
      '✕ fails where a timer throws',
      '✕ fails where a promise rejects and nobody waits for it',
      '✓ no hook follows promises',
      '● fails where a timer throws',
      'thrown by a timer',
      '● fails where a promise rejects and nobody waits for it',
      'rejected for nobody',
    ]);
  });

  it('a worker ends in time unless a test leaves something open', () => {
    expect(said).not.toContain('failed to exit');
    expect(runFixtures('{one,open}', ...IN_A_WORKER)).toContain('failed to exit');
  });

  it('a watching run loads changed modules', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'items-watch-'));
    await copyFile(join(HERE, 'fixtures/visitors.ts'), join(folder, 'visitors.ts'));
    await writeFile(join(folder, 'watched.fixture.ts'), WATCHED);
    const run = start(`${folder}/*.fixture.ts`, '--watchAll', '--verbose');
    await run.line(/✓ finds 0 visitors/);
    // Repeated until it is seen: Jest overlooks a change during a run.
    const change = (n: number) => writeFile(join(folder, 'visitors.ts'), `export const visitors = ['one']; // ${n}`);
    let changes = 0;
    const changing = setInterval(() => void change((changes += 1)), 500);
    expect(await run.line(/✓ finds/)).toContain('✓ finds 1 visitors');
    clearInterval(changing);
    await run.end('SIGTERM');
    await rm(folder, { recursive: true });
  });

  it('a watching run refuses to test in its own process, which never reloads modules', async () => {
    const run = start('<rootDir>/fixtures/one.fixture.ts', '--watchAll', '--runInBand');
    expect(await run.line(/--watch/)).toContain('--watch with --runInBand would test modules as they were');
    await run.end('SIGTERM');
  });
});

const WATCHED = `
import { expect, it } from '@jest/globals';
import { visitors } from './visitors.js';
it(\`finds \${visitors.length} visitors\`, () => expect(visitors).toBeDefined());
`;

/** A run that goes on until it is stopped. */
function start(files: string, ...more: string[]) {
  const run = spawn(process.execPath, parametersFor(files, ...more), {
    env: ENVIRONMENT,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const lines = createInterface(run.stderr)[Symbol.asyncIterator]();
  return {
    /** Waits for the next line that matches. */
    async line(pattern: RegExp): Promise<string> {
      for (;;) {
        const { done, value } = await lines.next();
        if (done) throw new Error(`The run ended without ${pattern}`);
        if (pattern.test(value)) return value;
      }
    },
    async end(signal: NodeJS.Signals): Promise<void> {
      run.kill(signal);
      await once(run, 'exit');
    },
  };
}
