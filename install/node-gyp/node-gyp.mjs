#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { prefixWithHeaders } from './local-headers.mjs';

// npm runs this as `node-gyp` if a package's binding could not be fetched (docs/decisions/0028-the-binding-at-installation.md).
const { npm_config_node_gyp: nodeGyp, npm_config_nodedir: chosenPrefix, npm_package_name: name } = process.env;
const prefix = chosenPrefix || prefixWithHeaders();

/** How long fetching the headers may take: behind a company's firewall requests can hang forever. */
const FETCH_TIMEOUT_MS = 60_000;

if (nodeGyp === undefined) end('npm did not say where its node-gyp is. Run this through npm: npm rebuild');
if (prefix === undefined) run(['install', '--ensure'], FETCH_TIMEOUT_MS, adviceOnHeaders());
run(
  [...process.argv.slice(2), ...(prefix === undefined ? [] : [`--nodedir=${prefix}`])],
  undefined,
  adviceOnCompiler(),
);

function run(parameters, timeout, advice) {
  const { status, error } = spawnSync(process.execPath, [nodeGyp, ...parameters], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout,
    killSignal: 'SIGKILL',
  });
  if (status !== 0) end(`${error ? `${error.message}. ` : ''}${advice}`);
}

function adviceOnHeaders() {
  return (
    `No binding of ${name} could be fetched for ${process.platform} on ${process.arch}, and it can't be compiled: Node's ` +
    `headers are not beside ${process.execPath}, and can't be fetched from nodejs.org. Any of these helps, then install again: ` +
    'a Node that comes with its headers (the archives and images of nodejs.org do; Debian has them in libnode-dev); ' +
    'npm_config_nodedir=<folder with include/node of this version> in the environment; ' +
    "npm's proxy (npm_config_https_proxy), if there is one."
  );
}

function adviceOnCompiler() {
  return (
    `No binding of ${name} could be fetched for ${process.platform} on ${process.arch}, and it can't be compiled; the reason ` +
    'stands above. Compiling needs python3, make and a C++ compiler (Debian: apt-get install python3 make g++). ' +
    'Then install again.'
  );
}

function end(message) {
  process.stderr.write(`\n${message}\n`);
  process.exit(1);
}
