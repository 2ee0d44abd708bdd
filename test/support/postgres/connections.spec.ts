import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { readConfig } from '../../../src/config/read-config.js';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { killServices, ServiceProcess } from '../service-process.js';
import { makeCertificates, type Certificates } from './certificates.js';
import { startCluster, type Cluster } from './cluster.js';
import { UNPRIVILEGED } from './server-files.js';

// One server with TLS, which also listens on a Unix socket, and one without.
let folder: string;
let certificates: Certificates;
let encrypting: Cluster;
let plain: Cluster;
beforeAll(async () => {
  // The path of a Unix socket has at most 107 bytes, on some systems 103.
  folder = await mkdtemp(join(tmpdir().length < 60 ? tmpdir() : '/tmp', 'items-sockets-'));
  await chmod(folder, 0o755);
  certificates = await makeCertificates(folder);
  if (process.getuid?.() === 0) {
    for (const path of [folder, ...Object.values(certificates)]) await chown(path, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  }
  const { certificate, key } = certificates;
  const tls = { ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key };
  encrypting = await startCluster({ ...tls, unix_socket_directories: folder });
  plain = await startCluster();
}, 60_000);
afterEach(killServices);
afterAll(async () => {
  await encrypting?.remove();
  await plain?.remove();
  await rm(folder, { recursive: true, force: true });
});

const at = ({ port }: Cluster, host: string, parameters: string) =>
  `postgres://postgres:never-to-be-shown@${host}:${port}/postgres?${parameters}`;

const sourceAt = (url: string) =>
  new DataSource(dataSourceOptions(readConfig({ DATABASE_URL: url }).database, 'migrator', []));

/** Connects as the service does, and asks the server whether the connection is encrypted. */
async function isEncrypted(url: string): Promise<boolean> {
  const source = await sourceAt(url).initialize();
  const [{ ssl }] = await source.query<[{ ssl: boolean }]>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  await source.destroy();
  return ssl;
}

async function refusalOf(url: string): Promise<string> {
  return sourceAt(url)
    .initialize()
    .then(
      () => 'connected',
      (error: Error) => error.message,
    );
}

it('the service prints no messages of the driver on standard error', async () => {
  const url = at(encrypting, 'localhost', `sslmode=verify-ca&sslrootcert=${certificates.authority}`);
  const service = await ServiceProcess.start({ environment: { DATABASE_URL: url } });
  expect((await service.caller().get('/items')).status).toBe(200);
  expect(await service.stop()).toMatchObject({ exitCode: 0, stderr: '' });
});

it('1 and one line if TLS is required and the server has none', async () => {
  const environment = { DATABASE_URL: at(plain, '127.0.0.1', 'sslmode=require') };
  const { exitCode, stderr } = await (await ServiceProcess.spawn({ environment })).ended;
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^The database PostgreSQL at 127\.0\.0\.1:\d+, database postgres can't be used: .+ SSL .+\n$/);
});

describe('a Unix socket', () => {
  it.each([
    ['postgres://postgres@/postgres?host={folder}&port={port}'],
    ['postgres:///postgres?host={folder}&port={port}&user=postgres&sslmode=require'],
    ['postgresql://postgres@{encoded}:{port}/postgres'],
  ])('%s', async (form) => {
    const url = form
      .replace('{folder}', folder)
      .replace('{encoded}', encodeURIComponent(folder))
      .replace('{port}', String(encrypting.port));
    expect(await isEncrypted(url)).toBe(false);
  });

  it('without a server is refused', async () => {
    expect(await refusalOf(`postgres:///postgres?host=${folder}&port=1`)).toMatch(/ENOENT/);
  });
});

describe('sslmode', () => {
  it.each([
    ['disable', 'localhost', '', false],
    ['require', '127.0.0.1', '', true],
    ['require', '127.0.0.1', 'authority', true],
    ['verify-ca', '127.0.0.1', 'authority', true],
    ['verify-full', 'localhost', 'authority', true],
  ] as const)('%s at %s with the certificate of %s', async (mode, host, authority, expected) => {
    const root = authority && `&sslrootcert=${certificates[authority]}`;
    expect(await isEncrypted(at(encrypting, host, `sslmode=${mode}${root}`))).toBe(expected);
  });

  it.each([
    ['require', '127.0.0.1', 'stranger', /self-signed|unable to verify|unable to get/],
    ['verify-ca', '127.0.0.1', 'stranger', /self-signed|unable to verify|unable to get/],
    ['verify-full', 'localhost', 'stranger', /self-signed|unable to verify|unable to get/],
    ['verify-full', 'localhost', '', /self-signed|unable to verify|unable to get/],
    ['verify-full', '127.0.0.1', 'authority', /IP: 127\.0\.0\.1 is not in the cert's list/],
  ] as const)('%s at %s with the certificate of %s is refused', async (mode, host, authority, complaint) => {
    const root = authority && `&sslrootcert=${certificates[authority]}`;
    expect(await refusalOf(at(encrypting, host, `sslmode=${mode}${root}`))).toMatch(complaint);
  });
});
