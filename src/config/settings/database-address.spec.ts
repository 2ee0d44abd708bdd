import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeCertificates, type Certificates } from '../../../test/support/postgres/certificates.js';
import { parseDatabaseUrl } from './database-address.js';
import { Misfit } from './misfit.js';

let folder: string;
let certificates: Certificates;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'items-address-'));
  certificates = await makeCertificates(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function addressIn(url: string) {
  const parsed = parseDatabaseUrl(url);
  if (parsed instanceof Misfit || parsed?.engine !== 'postgres')
    throw new Error(`${url} gives ${JSON.stringify(parsed)}`);
  return parsed.address;
}

function misfitIn(url: string): string {
  const parsed = parseDatabaseUrl(url);
  return parsed instanceof Misfit ? parsed.expected.join('; ') : JSON.stringify(parsed);
}

describe('a file', () => {
  it.each(['data/items.sqlite', './x', '../x', '/var/lib/items/items.sqlite', 'me@home/x', 'a b', 'C:x'])(
    '%s',
    (path) => {
      expect(parseDatabaseUrl(`sqlite:${path}`)).toEqual({ engine: 'sqlite', path: resolve(path) });
    },
  );

  it.each([
    ['sqlite://x', 'sqlite:x'],
    ['sqlite://./x', 'sqlite:./x'],
    ['sqlite:///x', 'sqlite:/x'],
    ['sqlite:////x/y', 'sqlite:/x/y'],
    ['sqlite:x?mode=rw', 'sqlite:x'],
    ['sqlite:///x?cache=shared', 'sqlite:/x'],
    ['sqlite:file:x', 'sqlite:x'],
    ['sqlite:file:///x?mode=ro', 'sqlite:/x'],
    ['SQLITE:x', 'sqlite:x'],
    ['Sqlite://x', 'sqlite:x'],
    ['sqlite3:x', 'sqlite:x'],
    ['sqlite+aiosqlite:///x', 'sqlite:/x'],
    ['file:x', 'sqlite:x'],
    ['file:///x', 'sqlite:/x'],
    ['items.sqlite', 'sqlite:items.sqlite'],
    ['./x', 'sqlite:./x'],
    ['/var/lib/items.db', 'sqlite:/var/lib/items.db'],
  ])('%s is refused, and the message shows the correct form', (url, meant) => {
    expect(misfitIn(url)).toBe(`sqlite:<path of a file>, here ${meant}`);
  });

  it.each([
    ['sqlite:~/x', /without ~/],
    ['sqlite:$HOME/x', /without ~ or \$/],
    ['sqlite:${HOME}/x', /without ~ or \$/],
    ['sqlite::memory:', /in memory/],
    ['sqlite://:memory:', /in memory/],
    ['sqlite:file::memory:?cache=shared', /in memory/],
  ])('%s is refused', (url, complaint) => {
    expect(misfitIn(url)).toMatch(complaint);
  });
});

describe('a PostgreSQL database', () => {
  it('is split into its parts', () => {
    expect(
      addressIn('postgresql://items:p%40s%2Fs%23%3F%25@db.example:5433/my%20items?options=-c%20search_path%3Da'),
    ).toEqual({
      host: 'db.example',
      port: 5433,
      user: 'items',
      password: 'p@s/s#?%',
      database: 'my items',
      options: '-c search_path=a',
      tls: false,
    });
  });

  it.each([
    ['postgres:///db?host=/run/postgresql', { host: '/run/postgresql', port: undefined, database: 'db' }],
    ['postgres://u@/db?host=/run/postgresql&port=5433', { host: '/run/postgresql', port: 5433, user: 'u' }],
    ['postgres://%2Frun%2Fpostgresql/db', { host: '/run/postgresql', database: 'db' }],
    ['postgres://%2Frun%2Fpostgresql:5433/db?sslmode=require', { host: '/run/postgresql', port: 5433, tls: false }],
    ['postgres://[::1]:5433/db', { host: '::1', port: 5433 }],
    ['postgres://h/db?user=u&password=p%3D+', { user: 'u', password: 'p=+' }],
    ['postgres://u:a:b@h', { password: 'a:b', database: undefined }],
    ['postgres://u:a!$^*(b@h?application_name=x', { password: 'a!$^*(b', applicationName: 'x' }],
  ])('%s', (url, part) => {
    expect(addressIn(url)).toMatchObject(part);
  });

  it('gets the name of the system user if the URL has none, as with libpq', () => {
    expect(addressIn('postgres:///db?host=/run/postgresql').user).toBe(process.env.PGUSER ?? userInfo().username);
  });

  it.each([
    'se@cret',
    'se#cret',
    'se/cret',
    'se?cret',
    'se%cret',
    '12/34',
    '12#34',
    '@/?#%',
    'a@b/c',
    'se%00cret',
    '#',
    '/',
  ])('with the unencoded password %s is refused, and no part of it is shown', (password) => {
    const url = `postgres://items:${password}@db.example:5432/items`;
    expect(misfitIn(url)).toMatch(/%40 for @.+%2F for \/.+%23 for #/);
    expect(misfitIn(url)).not.toMatch(/cret|12|34|a@b|db\.example/);
  });

  it.each([
    ['postgres:///db', /one host/],
    ['postgres://', /one host/],
    ['postgres://a,b/db', /one host/],
    ['postgres://a b/db', /one host/],
    ['postgres://h:0/db', /port from 1/],
    ['postgres://h:65536/db', /port from 1/],
    ['postgres://items:secret', /port from 1/],
    ['postgres://h/db?port=x', /port from 1/],
    ['postgres://h/db?pgbouncer=true', /other parameters than host, port, user/],
    ['postgres://h/db?user=a&user=b', /each once/],
    ['postgres://h/db?sslmode=prefer', /sslmode=disable or sslmode=require or/],
    ['postgres://h/db?sslmode=', /sslmode=disable/],
    ['postgres://h/db?sslmode=verify-ca', /sslrootcert=<file/],
    ['postgres://h/db?sslmode=verify-ca&sslrootcert=system', /sslrootcert=<file/],
    ['postgres://h/db?sslmode=require&sslrootcert=/nowhere', /sslrootcert is a PEM file \(\/nowhere: ENOENT\)/],
    ['postgres://h/db?sslmode=require&sslcert=/nowhere', /sslcert is a PEM file.+; a URL with both/],
  ])('%s is refused', (url, complaint) => {
    expect(misfitIn(url)).toMatch(complaint);
    expect(misfitIn(url)).not.toContain('secret');
  });

  it('names every fault of a URL at once', () => {
    expect(misfitIn('postgres://:x/db?sslmode=on&a=b').split('; ')).toHaveLength(4);
  });
});

describe('sslmode', () => {
  const tlsIn = (parameters: string) => addressIn(`postgres://h/db?${parameters}`).tls;
  const ca = () => certificates.authority;

  it('disable, and the default: not encrypted', () => {
    expect(tlsIn('')).toBe(false);
    expect(tlsIn('sslmode=disable&sslrootcert=/nowhere')).toBe(false);
  });

  it('require: encrypted, server not checked; with sslrootcert the same as verify-ca', () => {
    expect(tlsIn('sslmode=require')).toEqual({ rejectUnauthorized: false });
    expect(tlsIn(`sslmode=require&sslrootcert=${ca()}`)).toEqual(tlsIn(`sslmode=verify-ca&sslrootcert=${ca()}`));
  });

  it('verify-ca: the certificate is from the authority; verify-full: and for this host', () => {
    const text = expect.stringContaining('BEGIN CERTIFICATE');
    const checkServerIdentity = expect.any(Function);
    expect(tlsIn(`sslmode=verify-ca&sslrootcert=${ca()}`)).toEqual({ ca: text, checkServerIdentity });
    expect(tlsIn(`sslmode=verify-full&sslrootcert=${ca()}`)).toEqual({ ca: text });
    expect(tlsIn('sslmode=verify-full&sslrootcert=system')).toEqual({});
  });

  it('reads a client certificate and its key', () => {
    const { certificate, key } = certificates;
    const files = { cert: expect.stringContaining('CERTIFICATE'), key: expect.stringContaining('PRIVATE KEY') };
    expect(tlsIn(`sslmode=verify-full&sslcert=${certificate}&sslkey=${key}`)).toMatchObject(files);
    expect(misfitIn(`postgres://h/db?sslmode=verify-full&sslcert=${certificate}`)).toMatch(/both sslcert and sslkey/);
  });

  it('refuses a file that holds no certificate', async () => {
    await writeFile(join(folder, 'text'), 'no certificate');
    expect(misfitIn(`postgres://h/db?sslmode=require&sslrootcert=${folder}/text`)).toMatch(/PEM file/);
  });
});
