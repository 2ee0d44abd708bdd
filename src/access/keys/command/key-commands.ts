import { Refused } from '../../../command-line/run-command.js';
import type { Screen } from '../../../command-line/screen.js';
import type { ApiKey } from '../api-key.entity.js';
import type { IssuedKeys } from '../issued-keys.js';
import { jsonOf, stateOf, listOf } from './key-list.js';
import type { KeyCommand } from './key-command.js';

type Command<Kind> = Extract<KeyCommand, { kind: Kind }>;

/**
 * Carries out one command. Throws Refused, or TypeORM's errors. What is shown of a change needs no query behind it, so that a secret that
 * counts is never lost with a connection.
 */
export async function carryOut(command: KeyCommand, keys: IssuedKeys, screen: Screen): Promise<void> {
  switch (command.kind) {
    case 'create':
      return create(command, keys, screen);
    case 'list':
      return list(command, keys, screen);
    case 'rotate':
      return rotate(command, keys, screen);
    case 'revoke':
      return revoke(command, keys, screen);
  }
}

async function create({ request, isQuiet }: Command<'create'>, keys: IssuedKeys, screen: Screen): Promise<void> {
  const { name, scopes } = request;
  const { id, text, expiresAt } = await keys.create(request);
  const end = expiresAt === null ? 'It never expires.' : `It expires at ${expiresAt}.`;
  show(text, isQuiet, screen, `Key ${id} "${name}" has the scopes ${scopes.join(', ')}. ${end}`);
}

async function list({ isJson }: Command<'list'>, keys: IssuedKeys, { stdout, stderr }: Screen): Promise<void> {
  const all = await keys.list();
  if (isJson) stdout.write(jsonOf(all, new Date()));
  else if (all.length === 0) stderr.write('There are no keys yet.\n');
  else stdout.write(listOf(all, new Date()));
}

async function rotate({ id, isNow, isQuiet }: Command<'rotate'>, keys: IssuedKeys, screen: Screen): Promise<void> {
  const { name } = await existing(id, keys);
  const rotated = await keys.rotate(id, isNow);
  if (!rotated) throw new Refused(`Key ${id} "${name}" ${pastOf(await existing(id, keys))}. Create a new one.`);
  const old = isNow
    ? 'Old ones work no more, in 5 seconds at the latest.'
    : `The one before works until ${rotated.previousUntil}.`;
  show(rotated.text, isQuiet, screen, `Key ${id} "${name}" has a new secret. ${old}`);
}

async function revoke({ id }: Command<'revoke'>, keys: IssuedKeys, { stderr }: Screen): Promise<void> {
  const { name } = await existing(id, keys);
  const isDone = await keys.revoke(id);
  const state = isDone ? 'is revoked, in 5 seconds at the latest everywhere' : pastOf(await existing(id, keys));
  stderr.write(`Key ${id} "${name}" ${state}.\n`);
}

async function existing(id: string, keys: IssuedKeys): Promise<ApiKey> {
  const key = await keys.find(id);
  if (!key) throw new Refused(`There is no key ${id}. \`npm run keys -- list\` shows all keys.`);
  return key;
}

function pastOf(key: ApiKey): string {
  return stateOf(key, new Date()) === 'revoked' ? `was revoked at ${key.revokedAt}` : `expired at ${key.expiresAt}`;
}

function show(text: string, isQuiet: boolean, { stdout, stderr }: Screen, remark: string): void {
  if (!isQuiet) stderr.write(`${remark}\nIt is shown only this once. Send it as "Authorization: Bearer <key>":\n`);
  stdout.write(`${text}\n`);
}
