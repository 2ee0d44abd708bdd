import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SETTING_NAMES, settingMeantBy } from './setting-names.js';

describe('settingMeantBy', () => {
  it.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_ULR', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABASEURL', 'DATABASE_URL'],
    ['database_url', 'DATABASE_URL'],
    ['Port', 'PORT'],
    ['PROT', 'PORT'],
    ['HSOT', 'HOST'],
    ['SEEDS', 'SEED'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['LOG-LEVEL', 'LOG_LEVEL'],
    ['PUBLICURL', 'PUBLIC_URL'],
    ['DATABASE_TIMEOUT', 'DATABASE_TIMEOUT_MS'],
    ['KEEP_ALIVE_TIMEOUT_SECONDS', 'KEEP_ALIVE_TIMEOUT_MS'],
    ['KEEPALIVE_TIMEOUT', 'KEEP_ALIVE_TIMEOUT_MS'],
    ['IDEMPOTENCY_TTL_DAYS', 'IDEMPOTENCY_TTL_HOURS'],
    ['REQUIRE_PRECONDITION', 'REQUIRE_PRECONDITIONS'],
    ['REHERSAL', 'REHEARSAL'],
    ['OTEL_EXPORTER_OTLP_ENDPONT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ])('%s: %s', (name, meant) => {
    expect(settingMeantBy(name)).toBe(meant);
  });

  it.each([
    'HOSTNAME',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT',
    'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
    'OTEL_SERVICE_NAME',
    'HOSTTYPE',
    'PGHOST',
    'PGPORT',
    'PATH',
    'PWD',
    'HOME',
    'SHELL',
    'USER',
    'TERM',
    'LANG',
    'NODE_ENV',
  ])('%s resembles no setting', (name) => {
    expect(settingMeantBy(name)).toBeUndefined();
  });

  it('no setting is taken for another', () => {
    expect(SETTING_NAMES.map(settingMeantBy).filter(Boolean)).toEqual([]);
  });
});

it('.env.example and docs/configuration.md name all settings', () => {
  const example = readFileSync('.env.example', 'utf8').matchAll(/^#([A-Z_]+)=/gm);
  expect([...example].map(([, name]) => name)).toEqual(SETTING_NAMES);
  const page = readFileSync('docs/configuration.md', 'utf8').matchAll(/^\| `([A-Z_]+)` +\|/gm);
  expect([...page].map(([, name]) => name)).toEqual(SETTING_NAMES);
});
