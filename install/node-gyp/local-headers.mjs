import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder into which Node was installed, if its headers are there too, in `include/node` and of this exact version.
 * Undefined: they must be fetched.
 */
export function prefixWithHeaders(nodePath = process.execPath, version = process.versions.node) {
  const prefix = dirname(dirname(nodePath));
  return versionOf(join(prefix, 'include/node/node_version.h')) === version ? prefix : undefined;
}

function versionOf(header) {
  let text;
  try {
    text = readFileSync(header, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
  return ['MAJOR', 'MINOR', 'PATCH'].map((part) => new RegExp(`NODE_${part}_VERSION (\\d+)`).exec(text)?.[1]).join('.');
}
