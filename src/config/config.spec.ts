import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, readConfig } from './config.js';

const faultsOf = (environment: Record<string, string>): string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

const DEFAULTS = {
  host: '127.0.0.1',
  port: 3000,
  database: { engine: 'sqlite', path: resolve('data/items.sqlite') },
  logLevel: 'info',
  publicUrl: undefined,
  seed: true,
};

describe('readConfig', () => {
  it('an empty environment gives the defaults', () => {
    expect(readConfig({})).toEqual(DEFAULTS);
  });

  it('an empty value counts as absent', () => {
    const empty = { HOST: '', PORT: '', DATABASE_URL: '', LOG_LEVEL: '', PUBLIC_URL: '', SEED: '' };
    expect(readConfig(empty)).toEqual(DEFAULTS);
  });

  it('every setting is taken as given', () => {
    const environment = {
      HOST: '::1',
      PORT: '0',
      DATABASE_URL: 'postgres://user:secret@db.test:5433/items',
      LOG_LEVEL: 'silent',
      PUBLIC_URL: 'https://items.test/api/',
      SEED: 'off',
    };
    expect(readConfig(environment)).toEqual({
      host: '::1',
      port: 0,
      database: { engine: 'postgres', url: 'postgres://user:secret@db.test:5433/items' },
      logLevel: 'silent',
      publicUrl: 'https://items.test/api',
      seed: false,
    });
  });

  it.each([
    ['sqlite:items.sqlite', { engine: 'sqlite', path: resolve('items.sqlite') }],
    ['sqlite:/var/lib/items.sqlite', { engine: 'sqlite', path: '/var/lib/items.sqlite' }],
    ['postgresql://db.test/items', { engine: 'postgres', url: 'postgresql://db.test/items' }],
  ])('DATABASE_URL %s', (url, database) => {
    expect(readConfig({ DATABASE_URL: url }).database).toEqual(database);
  });

  it.each([
    ['HOST', 'a b'],
    ['HOST', 'http://x'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '3000x'],
    ['PORT', '1e3'],
    ['LOG_LEVEL', 'INFO'],
    ['LOG_LEVEL', 'toString'],
    ['PUBLIC_URL', 'items.test'],
    ['PUBLIC_URL', 'ftp://items.test'],
    ['PUBLIC_URL', 'https://user@items.test'],
    ['PUBLIC_URL', 'https://items.test/?a=1'],
    ['PUBLIC_URL', 'https://items.test/#a'],
    ['SEED', 'yes'],
    ['SEED', 'constructor'],
    ['SEED', '__proto__'],
  ])('%s=%s is refused by its name and value', (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringContaining(`${name}=${value} must be `)]);
  });

  it.each([
    'sqlite:',
    'sqlite::memory:',
    'mysql://root:secret@db.test/items',
    'postgres://',
    'postgres://user:secret@:bad/items',
    '/data/secret.sqlite',
  ])('DATABASE_URL %s is refused without being repeated', (url) => {
    const faults = faultsOf({ DATABASE_URL: url });
    expect(faults).toEqual([expect.stringMatching(/^DATABASE_URL must be sqlite:/)]);
    expect(faults.join()).not.toContain('secret');
  });

  it('all faults are named at once, in one message without the password', () => {
    const environment = {
      HOST: '?',
      PORT: 'x',
      DATABASE_URL: 'mysql://root:secret@db.test',
      LOG_LEVEL: 'loud',
      PUBLIC_URL: 'x',
      SEED: '1',
    };
    expect(faultsOf(environment).map((fault) => /^[A-Z_]+/.exec(fault)?.[0])).toEqual(Object.keys(environment));
    const { message } = new ConfigError(faultsOf(environment));
    expect(message).not.toMatch(/secret|\n/);
    for (const name of Object.keys(environment)) expect(message).toContain(name);
  });
});
