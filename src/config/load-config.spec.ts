import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from './config.js';
import { loadConfig, loadConfigOfTool } from './load-config.js';

const SECRET = 'never-to-be-shown';

const before = { folder: process.cwd(), environment: process.env };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'items-config-'));
  process.chdir(folder);
  process.env = { PATH: '/bin', HOSTNAME: 'x', PGHOST: 'y' };
});
afterEach(async () => {
  process.chdir(before.folder);
  process.env = before.environment;
  await rm(folder, { recursive: true });
});

const write = (...lines: string[]) => writeFile('.env', lines.join('\n'));

function faults(): string[] {
  try {
    return [JSON.stringify(loadConfig())];
  } catch (error) {
    if (!(error instanceof ConfigError) || error.message.includes(SECRET)) throw error;
    return error.faults;
  }
}

describe('loadConfig', () => {
  it('uses the defaults if there is no .env', () => {
    expect(loadConfig()).toMatchObject({ config: { host: '127.0.0.1', port: 3000 }, remarks: [] });
  });

  it('asks for AUTH where others reach the service, but not for a tool', async () => {
    await write('HOST=0.0.0.0', 'DATABASE_URL=sqlite:x');
    expect(faults()).toEqual([expect.stringMatching(/^AUTH must be set, since /)]);
    expect(loadConfigOfTool()).toMatchObject({ config: { database: { path: resolve('x') } }, remarks: [] });
    await write('AUTH=on');
    expect(() => loadConfigOfTool()).toThrow(ConfigError);
  });

  it('warns of an issuer of tokens that are not asked for, whether AUTH is off or left out', async () => {
    const jwt = ['JWT_ISSUER=https://issuer.example', 'JWT_AUDIENCE=items', 'JWT_JWKS_URL=https://issuer.example/keys'];
    for (const auth of ['', 'AUTH=off']) {
      await write(...jwt, auth);
      expect(loadConfig().remarks).toEqual([
        'The settings JWT_… have no effect, since AUTH is off: nobody is asked for a token',
      ]);
      expect(loadConfigOfTool().remarks).toEqual([]);
    }
    await write(...jwt, 'AUTH=required');
    expect(loadConfig().remarks).toEqual([]);
  });

  it('takes from .env what is missing or empty in the environment', async () => {
    await write('PORT=1', 'HOST=::1', 'DATABASE_URL=sqlite:x', 'LOG_LEVEL=#loud');
    Object.assign(process.env, { HOST: 'localhost', DATABASE_URL: '', LOG_LEVEL: 'warn' });
    const { config, remarks } = loadConfig();
    expect(config).toMatchObject({ port: 1, host: 'localhost', database: { path: resolve('x') }, logLevel: 'warn' });
    expect(remarks).toEqual([]);
  });

  it.each([
    ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 as Windows writes it', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 without a byte order mark', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16, high byte first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('reads a .env in %s, also its first line', async (_, encode) => {
    await writeFile('.env', encode('PORT=1\r\nHOST=::1\r\n'));
    expect(loadConfig()).toMatchObject({ config: { port: 1, host: '::1' }, remarks: [] });
  });

  it('warns of stray lines, repeated settings and names that resemble a setting', async () => {
    await write('SEED=on', 'SEED=off', 'PORT 3000', 'Log_Level=debug', 'COMPOSE_PROJECT_NAME=a#b', `Host: ${SECRET}`);
    Object.assign(process.env, { DATABASE_TIMEOUT: '5000', REHERSAL: '' });
    expect(loadConfig()).toMatchObject({ config: { seed: false } });
    expect(loadConfig().remarks).toEqual([
      'Line 3 of .env is ignored: it is not NAME=value',
      'Line 6 of .env is ignored: it is not NAME=value',
      'Line 1 of .env sets SEED, and line 2 sets it again: the last one counts',
      'Log_Level in line 4 of .env is not a setting and has no effect: did you mean LOG_LEVEL?',
      'DATABASE_TIMEOUT in the environment is not a setting and has no effect: did you mean DATABASE_TIMEOUT_MS?',
    ]);
  });

  it('refuses values that programs read in different ways, and names all of them at once', async () => {
    await write(
      `DATABASE_URL=postgres://items:${SECRET}#1@127.0.0.1/items`,
      `PUBLIC_URL="https://${SECRET}.example`,
      `HOST='127.0.0.1' ${SECRET}`,
      'SEED="off "',
      'DATABSE_URL=sqlite:x',
    );
    expect(faults()).toEqual([
      'the value of DATABASE_URL in line 1 of .env has a #, which starts a comment in some programs: put the value in quotes',
      'the value of PUBLIC_URL in line 2 of .env has a quote that is not closed',
      'the value of HOST in line 3 of .env goes on after its closing quote',
      'SEED=off  must be written without spaces before and after it',
      'DATABSE_URL in line 5 of .env is not a setting and has no effect: did you mean DATABASE_URL?',
    ]);
  });

  it('gives OpenTelemetry what .env says to it, if traces are sent', async () => {
    await write('OTEL_SERVICE_NAME=mine', 'OTEL_EXPORTER_OTLP_HEADERS=a=b', 'OTEL_SDK_DISABLED=');
    process.env.OTEL_SERVICE_NAME = 'given';
    expect(loadConfig()).toMatchObject({ config: { tracing: false }, remarks: [] });
    expect(process.env).not.toHaveProperty('OTEL_EXPORTER_OTLP_HEADERS');
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = 'http://localhost:4318';
    expect(loadConfig()).toMatchObject({ config: { tracing: true }, remarks: [] });
    expect(process.env).toMatchObject({ OTEL_SERVICE_NAME: 'given', OTEL_EXPORTER_OTLP_HEADERS: 'a=b' });
    await write('OTEL_SDK_DISABLED=True');
    expect(loadConfig()).toMatchObject({ config: { tracing: false }, remarks: [] });
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `localhost:4318/${SECRET}`;
    expect(faults()).toEqual(['OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL']);
  });

  it('refuses a .env that is not text, or not a file', async () => {
    await writeFile('.env', Buffer.from(`PUBLIC_URL=https://ä.example/${SECRET}`, 'latin1'));
    expect(faults()).toEqual(['.env is not text in UTF-8 or UTF-16']);
    await rm('.env');
    await mkdir('.env');
    expect(faults()).toEqual([expect.stringMatching(/^\.env can't be read \(EISDIR/)]);
  });
});
