import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { announce, type Place } from './announcement.js';
import type { LogLevel } from './config/settings/log-levels.js';
import { createLogger } from './telemetry/logger.js';

const HERE: Place = {
  host: 'localhost',
  port: 3000,
  address: '127.0.0.1',
  database: 'SQLite file data/items.sqlite',
  auth: 'off',
  publicUrl: undefined,
};
const EVERYWHERE: Place = { ...HERE, host: '::', address: '::' };

async function announced(place: Place, isTTY: boolean, level: LogLevel = 'info') {
  const written: string[] = [];
  const errors: string[] = [];
  const lines: { level: string; msg: string }[] = [];
  const logger = createLogger(level, { write: (line) => void lines.push(JSON.parse(line)) });
  announce(place, logger, { isTTY, write: (text) => written.push(text) }, { write: (text) => errors.push(text) });
  await setImmediate();
  return {
    text: written.join(''),
    ...(errors.length > 0 && { errors }),
    log: lines.map((line) => `${line.level}: ${line.msg}`),
  };
}

describe('on a terminal', () => {
  it('plain text says where it is, what is there, and how to stop it', async () => {
    const { text, log } = await announced(HERE, true);
    expect(log).toEqual([]);
    expect(text).toMatch(/^\nItems is ready\.\n/);
    expect(text).toMatch(/^ +API +http:\/\/localhost:3000$/m);
    expect(text).toMatch(/^ +Swagger UI +http:\/\/localhost:3000\/docs$/m);
    expect(text).toMatch(/^ +Database +SQLite file data\/items\.sqlite$/m);
    expect(text).toContain('Press Ctrl-C to stop.');
    expect(text).not.toContain('AUTH=off');
  });

  it('the address of the metrics is part of it if they have a port', async () => {
    const { text } = await announced({ ...EVERYWHERE, metricsPort: 9464 }, true);
    expect(text).toMatch(/^ +Metrics +http:\/\/\[::\]:9464\/metrics$/m);
    const { log } = await announced({ ...HERE, metricsPort: 9464 }, false);
    expect(log[0]).toContain(' Metrics: http://localhost:9464/metrics Database: ');
  });

  it('a warning is part of it if others can reach the service', async () => {
    const { text, log } = await announced(EVERYWHERE, true);
    expect(log).toEqual([]);
    expect(text).toContain('http://[::]:3000/docs');
    expect(text).toContain(
      '\nItems asks for no credentials (AUTH=off): anyone who can reach [::]:3000 can read and change everything.\n',
    );
  });

  it('only the warning is logged if LOG_LEVEL is warn', async () => {
    const { text, log } = await announced(EVERYWHERE, true, 'warn');
    expect({ text, log }).toEqual({
      text: '',
      log: [expect.stringMatching(/^warn: Items asks for no credentials \(AUTH=off\): /)],
    });
  });
});

describe.each([true, false])('at a LOG_LEVEL without warnings (terminal: %s)', (isTTY) => {
  it.each(['error', 'silent'] as const)('%s: the warning is on standard error', async (level) => {
    expect(await announced(EVERYWHERE, isTTY, level)).toEqual({
      text: '',
      errors: [
        'Items asks for no credentials (AUTH=off): anyone who can reach [::]:3000 can read and change everything.\n',
      ],
      log: [],
    });
    expect(await announced(HERE, isTTY, level)).toEqual({ text: '', log: [] });
  });
});

describe('in a pipe', () => {
  it('a line of the log says where it is', async () => {
    const msg =
      'Items is listening. API: http://localhost:3000 Swagger UI: http://localhost:3000/docs Database: SQLite file data/items.sqlite';
    expect(await announced(HERE, false)).toEqual({ text: '', log: [`info: ${msg}`] });
  });

  it.each([
    ['others can reach it', EVERYWHERE, '[::]:3000'],
    ['clients come from elsewhere', { ...HERE, publicUrl: 'https://items.example' }, 'https://items.example'],
  ])('another one warns if %s', async (_, place, reached) => {
    const { log } = await announced(place, false, 'warn');
    expect(log).toEqual([
      `warn: Items asks for no credentials (AUTH=off): anyone who can reach ${reached} can read and change everything.`,
    ]);
  });

  it.each([
    ['it asks for credentials', { ...EVERYWHERE, auth: 'required' as const, publicUrl: 'https://items.example' }],
    ['PUBLIC_URL is on this machine', { ...HERE, publicUrl: 'http://[::1]:8080/items' }],
  ])('none warns if %s', async (_, place) => {
    expect(await announced(place, false, 'warn')).toEqual({ text: '', log: [] });
  });
});
