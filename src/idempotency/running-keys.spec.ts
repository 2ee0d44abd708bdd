import { describe, expect, it } from '@jest/globals';
import { RunningKeys } from './running-keys.js';

/** Starts a request under each of these keys, all with one fingerprint, while those before it still run. */
function startAll(keys: { caller: string; key: string }[]) {
  const running = new RunningKeys();
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const outcomes = keys.map((one) =>
    running
      .alone({ ...one, fingerprint: 'f' }, () => ended)
      .then(
        () => 'ran',
        (error: Error & { getStatus?(): number }) => `${error.getStatus?.()}`,
      ),
  );
  end();
  return Promise.all(outcomes);
}

describe('RunningKeys', () => {
  it('[M4] 409 to the second request of a caller under a key', async () => {
    const one = { caller: 'key:a', key: 'k' };
    expect(await startAll([one, one])).toEqual(['ran', '409']);
  });

  it('[M6] lets callers run beside each other under one key, whatever their names hold', async () => {
    const callers = [
      '',
      'anonymous',
      'key:a',
      'key:a|',
      'jwt:i|s',
      'jwt:i',
      'a\nk',
      'a',
      'a\n',
      '\n',
      '\nk',
      'k',
      ' a',
    ];
    const keys = ['k', 's|k', '|k', 'a', 'ak'];
    const pairs = callers.flatMap((caller) => keys.map((key) => ({ caller, key })));
    expect(await startAll(pairs)).toEqual(pairs.map(() => 'ran'));
  });
});
