import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { DCLinter } from 'dclint';
import { Cmd, Copy, DockerfileParser, Env, Healthcheck, type Instruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import ipaddr from 'ipaddr.js';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/read-config.js';
import { isSettingName } from '../../src/config/setting-names.js';

const DOCKERFILE = readFileSync('deploy/Dockerfile', 'utf8');
const COMPOSE = readFileSync('deploy/compose.yaml', 'utf8');
const REPLICAS = ['items-1', 'items-2', 'items-3'];

interface Service {
  environment: Record<string, string>;
  stop_grace_period: string;
  volumes?: string[];
  read_only?: boolean;
  networks?: object;
}

interface Compose {
  services: Record<string, Service>;
  networks: { default: { ipam: { config: { subnet: string }[] } } };
}

/** The instructions of the stage that is run, and of the one before it. */
function stages(): Instruction[][] {
  const all = DockerfileParser.parse(DOCKERFILE).getInstructions();
  const starts = all.flatMap((instruction, at) => (instruction.getKeyword() === 'FROM' ? [at] : []));
  return starts.map((start, index) => all.slice(start, starts[index + 1]));
}

function inLastStage<T extends Instruction>(kind: abstract new (...parameters: never[]) => T): T[] {
  return stages()
    .at(-1)!
    .filter((instruction): instruction is T => instruction instanceof kind);
}

describe('deploy/Dockerfile', () => {
  it('has no fault that the linter knows', () => {
    expect(validate(DOCKERFILE)).toEqual([]);
  });

  it('copies files that exist', () => {
    const copied = stages()[0]!.filter((one): one is Copy => one instanceof Copy);
    const sources = copied.flatMap((one) => one.getArguments().slice(0, -1));
    expect(sources.map(String)).toContain('package-lock.json');
    expect(sources.map(String).filter((source) => !existsSync(source))).toEqual([]);
  });

  it('has neither a compiler nor root in what is run, and starts what npm start does', () => {
    const last = stages().at(-1)!;
    const keywords = last.map((one) => one.getKeyword());
    expect(last.filter((one) => /apt-get|npm/.test(one.getRawArgumentsContent() ?? ''))).toEqual([]);
    expect(keywords.slice(keywords.indexOf('USER'))).not.toContain('RUN');
    expect(last.find((one) => one.getKeyword() === 'USER')?.getArgumentsContent()).toBe('node');
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
    expect(`exec ${listOf(inLastStage(Cmd)[0]!).join(' ')}`).toBe(scripts.start);
  });

  it('sets what the service accepts', () => {
    const properties = inLastStage(Env).flatMap((one) => one.getProperties());
    const environment = Object.fromEntries(properties.map((one) => [one.getName(), one.getValue() ?? '']));
    expect(Object.keys(environment).filter((name) => !isSettingName(name))).toEqual([]);
    expect(readConfig(environment)).toMatchObject({ auth: 'required', host: '0.0.0.0', port: 3000 });
  });

  it.each([
    [200, 0],
    [503, 1],
    [undefined, 1],
  ])('its health check ends with the right code when liveness is %s', async (status, code) => {
    const server = createServer((request, response) => {
      if (status === undefined) request.destroy();
      else response.writeHead(request.url === '/health/live' ? status : 404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      expect(await healthCheck((server.address() as AddressInfo).port)).toBe(code);
    } finally {
      server.close();
    }
  });
});

describe('deploy/compose.yaml', () => {
  // Compose merges the environment of a service and nothing else that is used here.
  const { services, networks } = parse(COMPOSE, { merge: true }) as Compose;
  const settings = (name: string) =>
    Object.fromEntries(
      Object.entries(services[name]!.environment).map(([key, value]) => [
        key,
        value.replace(/\$\{POSTGRES_PASSWORD:\?[^}]*\}/, 'abc').replace(/\$\{\w+:-([^}]*)\}/, '$1'),
      ]),
    );

  it('has no fault that the linter knows, by the schema of Compose and by its rules', () => {
    const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
    const [{ messages } = { messages: ['not linted'] }] = linter.lintFiles(['deploy/compose.yaml'], false);
    expect(messages).toEqual([]);
  });

  it('sets what the service accepts, alike in all replicas', () => {
    expect(Object.keys(services).filter((name) => name.startsWith('items-'))).toEqual(REPLICAS);
    for (const name of REPLICAS) {
      expect(services[name]).toEqual(services['items-1']);
      expect(Object.keys(settings(name)).filter((one) => !isSettingName(one))).toEqual([]);
    }
    expect(readConfig({ ...settings('items-1'), HOST: '0.0.0.0' })).toMatchObject({
      auth: 'required',
      database: { engine: 'postgres' },
      publicUrl: 'http://localhost:8080',
    });
  });

  it('names the database as PostgreSQL is told to, and the network of the proxy', () => {
    const { DATABASE_URL, TRUSTED_PROXIES } = settings('items-1');
    const { POSTGRES_USER, POSTGRES_PASSWORD } = settings('postgres');
    expect(DATABASE_URL).toBe(`postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@postgres:5432/${POSTGRES_USER}`);
    expect(services.nginx!.networks).toEqual({ default: { ipv4_address: TRUSTED_PROXIES } });
    const [network, bits] = ipaddr.parseCIDR(networks.default.ipam.config[0]!.subnet);
    expect(ipaddr.parse(TRUSTED_PROXIES!).match(network, bits)).toBe(true);
  });

  it('gives each replica more time to stop than it takes, and mounts files that exist', () => {
    const { shutdownTimeoutMs } = readConfig(settings('items-1'));
    for (const name of REPLICAS) {
      expect(parseInt(services[name]!.stop_grace_period)).toBeGreaterThan(shutdownTimeoutMs / 1000);
      expect(services[name]!.read_only).toBe(true);
    }
    const mounted = services.nginx!.volumes!.map((volume) => `deploy/${volume.split(':')[0]!}`);
    expect(mounted.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('passes on as deploy/nginx.conf does', () => {
    const inCompose = readFileSync('deploy/compose-nginx.conf', 'utf8');
    for (const name of REPLICAS) expect(inCompose).toContain(`server ${name}:3000;`);
    const alone = directivesOf(readFileSync('deploy/nginx.conf', 'utf8'));
    const added = directivesOf(inCompose).filter((one) => !alone.includes(one));
    // The whole configuration, replicas, a Host with its port, and no password.
    const expected =
      /^(worker|pid|error_log|access_log|\w+_temp_path|server items-|listen 8080|proxy_set_header Host|add_header X-Request-Id)/;
    expect(added.filter((one) => !expected.test(one))).toEqual([]);
  });
});

describe('deploy/items.service', () => {
  const unit = readFileSync('deploy/items.service', 'utf8');

  it('starts what npm start does, with the same options of Node', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
    const [, command] = /^ExecStart=(.+)$/m.exec(unit)!;
    expect(`exec ${command!.replace('/usr/bin/', '').replace('/opt/items/', '')}`).toBe(scripts.start);
  });

  it('sets what the service accepts', () => {
    const set = [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
    const settings = Object.fromEntries(set.filter(([name]) => isSettingName(name!))) as Record<string, string>;
    expect(set.map(([name]) => name)).toEqual(['DATABASE_URL', 'NODE_COMPILE_CACHE']);
    const config = readConfig(settings);
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(config.shutdownTimeoutMs / 1000);
  });
});

function listOf(instruction: Cmd | Healthcheck): string[] {
  return JSON.parse(/\[.*\]$/s.exec(instruction.getRawArgumentsContent()!)![0]) as string[];
}

/** The exit code of the command with this port. */
async function healthCheck(port: number): Promise<number> {
  const [command = '', ...parameters] = listOf(inLastStage(Healthcheck)[0]!);
  const here = parameters.map((one) => one.replace('127.0.0.1:3000', `127.0.0.1:${port}`));
  expect([command, here]).not.toEqual([command, parameters]);
  const child = execFile(process.execPath, here);
  const [code] = (await once(child, 'exit')) as [number];
  return code;
}

function directivesOf(configuration: string): string[] {
  const lines = configuration.split('\n').map((line) => line.trim());
  return lines.filter((line) => line.endsWith(';'));
}
