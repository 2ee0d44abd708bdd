import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeCertificates } from '../support/postgres/certificates.js';

/** The user with access, in the files that {@link startProxy} writes. */
export const CALLER = { name: 'alice', password: 'secret' };

/** How to run a proxy with its file in deploy/, without its service manager and on other paths and ports. */
export interface Proxy {
  name: string;
  command: string;
  file: string;
  /** Texts to replace in the file. Each must be in it. */
  changes: (at: Place) => [written: string, here: string][];
  /** The configuration around the file, if it is not complete. */
  around?: (at: Place, file: string) => string;
  /** Arguments that run the proxy in the foreground. */
  parameters: (configuration: string, at: Place) => string[];
}

/** Where a proxy runs in the test. */
interface Place {
  folder: string;
  port: number;
  servicePort: number;
  /** Who decides about access. If it is Items, the lines about access are taken out of the file. */
  access: 'proxy' | 'Items';
}

/** The lines that the files tell operators to remove if Items runs with AUTH=required. */
const ACCESS = /^ *# Access is decided here.* from here …\n[^]*?^ *# … to here\.\n/m;

const isRoot = process.getuid?.() === 0;

const APACHE_MODULES =
  'mpm_event authz_core authn_core authn_file auth_basic authz_user authz_host alias mime env setenvif headers unique_id ' +
  'socache_shmcb ssl proxy proxy_http filter deflate';

export const PROXIES: Proxy[] = [
  {
    name: 'nginx',
    command: 'nginx',
    file: 'nginx.conf',
    changes: ({ port }) => [
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      ['proxy_read_timeout 30s', 'proxy_read_timeout 1s'],
      ['proxy_read_timeout 75s', 'proxy_read_timeout 6s'],
    ],
    around: ({ folder }, file) => `
      daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log; ${isRoot ? 'user root;' : ''}
      events { }
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${folder}/${one};`).join('\n')}
        include ${file};
      }`,
    parameters: (configuration, { folder }) => ['-p', folder, '-e', `${folder}/error.log`, '-c', configuration],
  },
  {
    name: 'Apache',
    command: 'apache2',
    file: 'apache.conf',
    changes: ({ port }) => [
      ['<VirtualHost *:443>', `<VirtualHost 127.0.0.1:${port}>`],
      [' timeout=30', ' timeout=1'],
      [' timeout=75', ' timeout=6'],
    ],
    around: ({ folder, port }, file) => `
      ServerRoot ${folder}
      ServerName localhost
      PidFile ${folder}/pid
      ErrorLog ${folder}/error.log
      Listen 127.0.0.1:${port}
      ${APACHE_MODULES.split(' ')
        .map((one) => `LoadModule ${one}_module /usr/lib/apache2/modules/mod_${one}.so`)
        .join('\n')}
      TypesConfig /dev/null
      ${isRoot ? 'User nobody\nGroup nogroup' : ''}
      Include ${file}`,
    parameters: (configuration) => ['-D', 'FOREGROUND', '-f', configuration],
  },
  {
    name: 'HAProxy',
    command: 'haproxy',
    file: 'haproxy.cfg',
    changes: ({ port }) => [
      ['bind :443', `bind 127.0.0.1:${port}`],
      ['timeout client 30s', 'timeout client 2s'],
      ['timeout server 30s', 'timeout server 1s'],
      ['timeout server 75s', 'timeout server 6s'],
      ['password $5$replace.this', `insecure-password ${CALLER.password}`],
    ],
    parameters: (configuration) => ['-db', '-f', configuration],
  },
];

/** A proxy that accepts connections. */
interface RunningProxy {
  readonly port: number;
  /** Has nginx read its file again with other changes, and waits until it serves by them. */
  reload(proxy: Proxy): Promise<void>;
  stop(): Promise<void>;
}

/** Whether a proxy is installed: whether its command can be run. */
export function isInstalled({ command }: Proxy): boolean {
  return spawnSync(command, ['-v']).error === undefined;
}

/** Starts a proxy with its file in deploy/, before a service on a port. Error: it ended instead, with its output. */
export async function startProxy(proxy: Proxy, at: Place): Promise<RunningProxy> {
  const { folder, port } = at;
  await writeCompanions(join(folder, 'items'));
  const file = join(folder, proxy.file);
  await writeFile(file, await adapted(proxy, at));
  const configuration = proxy.around ? join(folder, 'around.conf') : file;
  if (proxy.around) await writeFile(configuration, proxy.around(at, file));
  const child = spawn(proxy.command, proxy.parameters(configuration, at), {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'exit');
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null) throw new Error(`${proxy.name} ended: ${said}`);
    await setTimeout(50);
  }
  const reload = async (other: Proxy) => {
    await writeFile(file, await adapted(other, at));
    await hangUp(child.pid!);
  };
  return { port, reload, stop: () => stop(child, ended) };
}

// nginx starts a new worker, then tells the old one to accept nothing more.
async function hangUp(pid: number): Promise<void> {
  const before = await workersOf(pid);
  process.kill(pid, 'SIGHUP');
  for (let tries = 0; tries < 500; tries += 1) {
    if ((await workersOf(pid)).some((worker) => !before.includes(worker))) return;
    await setTimeout(20);
  }
  throw new Error('nginx did not take its file on');
}

async function workersOf(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
}

async function adapted({ file, changes }: Proxy, at: Place): Promise<string> {
  const shared: [string, string][] = [
    ['/etc/items/', `${at.folder}/items/`],
    ['127.0.0.1:3000', `127.0.0.1:${at.servicePort}`],
  ];
  let text = await readFile(new URL(`../../deploy/${file}`, import.meta.url), 'utf8');
  if (!ACCESS.test(text)) throw new Error(`deploy/${file} does not mark its lines about access`);
  if (at.access === 'Items') text = text.replace(ACCESS, '');
  for (const [written, here] of [...shared, ...changes(at)]) {
    if (!text.includes(written)) throw new Error(`deploy/${file} has no "${written}"`);
    text = text.replaceAll(written, () => here);
  }
  return text;
}

// The files that the configurations expect in /etc/items.
async function writeCompanions(folder: string): Promise<void> {
  const tls = join(folder, 'tls');
  await mkdir(tls, { recursive: true });
  await cp(new URL('../../deploy/problems', import.meta.url), join(folder, 'problems'), { recursive: true });
  const { certificate, key } = await makeCertificates(tls);
  const [crt, secret] = await Promise.all([readFile(certificate, 'utf8'), readFile(key, 'utf8')]);
  await writeFile(join(tls, 'certificate.pem'), crt);
  await writeFile(join(tls, 'key.pem'), secret);
  await writeFile(join(tls, 'certificate-and-key.pem'), crt + secret);
  const hash = createHash('sha1').update(CALLER.password).digest('base64');
  await writeFile(join(folder, 'htpasswd'), `${CALLER.name}:{SHA}${hash}\n`);
  await chmod(join(folder, '..'), 0o755);
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}
