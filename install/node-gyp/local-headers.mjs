import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder that Node was installed into, if its headers were, too: they lie in `include/node` there, and are of this
 * very version. Undefined: they have to be fetched.
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
