#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

// npm runs this as `prebuild-install` in the folder of a package with a binding (docs/decisions/0028-the-binding-at-installation.md).

/** How long fetching a binding of a few MB may take: behind a company's firewall requests can hang forever. */
const FETCH_TIMEOUT_MS = 30_000;

// The real package, which is installed inside this one.
const original = createRequire(import.meta.url).resolve('prebuild-install/bin.js');

run([original, ...process.argv.slice(2)], 'No prebuilt binding was fetched', FETCH_TIMEOUT_MS);
// The binding may have been built for a newer C library than this machine has.
run(['--eval', "require('.')"], 'The prebuilt binding does not load here');

function run(parameters, failure, timeout) {
  const { status, error } = spawnSync(process.execPath, parameters, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout,
    killSignal: 'SIGKILL',
  });
  if (status === 0) return;
  process.stderr.write(`${failure}${error ? `: ${error.message}` : ''}\n`);
  process.exit(1);
}
