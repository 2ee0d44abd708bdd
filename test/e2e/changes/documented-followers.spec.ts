import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const PAGE = readFileSync(new URL('../../../docs/following-changes.md', import.meta.url), 'utf8');
const blockOf = (kind: string) => new RegExp(`^\`\`\`${kind}\\n(.*?)^\`\`\`$`, 'ms').exec(PAGE)![1]!;

let service: TestApp;
let folder: string;
let running: ChildProcess | undefined;
beforeEach(async () => {
  service = await startTestApp({ auth: 'off' });
  folder = await mkdtemp(join(tmpdir(), 'items-follower-'));
});
afterEach(async () => {
  await kill();
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts a follower in a process group of its own, since a shell has children. */
function start(command: string, parameters: string[]): void {
  const env = { PATH: process.env.PATH, ITEMS: service.api.url };
  running = spawn(command, parameters, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  running.stdout!.on('data', (text: Buffer) => appendFileSync(join(folder, 'changes.ndjson'), text));
}

async function kill(): Promise<void> {
  if (!running) return;
  const over = once(running, 'close');
  process.kill(-running.pid!, 'SIGKILL');
  await over;
  running = undefined;
}

/** The changes that the follower has noted, once there are so many and it has noted its position. */
async function noted(count: number): Promise<{ id: string; position: string }[]> {
  for (;;) {
    const text = existsSync(join(folder, 'changes.ndjson')) ? readFileSync(join(folder, 'changes.ndjson'), 'utf8') : '';
    const lines = text.split('\n').slice(0, -1);
    const position = existsSync(join(folder, 'position')) ? readFileSync(join(folder, 'position'), 'utf8').trim() : '';
    const changes = lines.map((line) => JSON.parse(line) as { id: string; position: string });
    if (changes.length >= count && changes.at(-1)?.position === position) return changes;
    await passed(20);
  }
}

describe.each([
  ['the follower in shell', 'sh', ['/bin/sh', 'follow']],
  ['the follower in TypeScript', 'ts', [process.execPath, 'follow.mjs']],
])('%s of docs/following-changes.md', (_, kind, [command, file]) => {
  it('gets every change once, in order, and goes on where it was after it was killed', async () => {
    const code = blockOf(kind);
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
    const text = kind === 'ts' ? ts.transpileModule(code, { compilerOptions: options }).outputText : code;
    await writeFile(join(folder, file!), text);
    const put = async (id: string) => void (await service.api.put(`/items/${id}`, { name: 'x' })).expect(201);
    await put('a');
    start(command!, [file!]);
    await noted(1);
    await put('b');
    await put('c');
    await noted(3);
    await kill();
    await put('d');
    start(command!, [file!]);
    await put('e');
    const { changes } = (await service.api.get('/changes')).expect(200).json;
    expect(await noted(5)).toEqual(changes);
  });
});
