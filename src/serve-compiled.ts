import module, { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { loadCompiled, type Loaded } from './compiled-code.js';
import type * as service from './serve.js';
import type { StopSignals } from './stop-signals.js';

const BUNDLE = fileURLToPath(new URL('serve.cjs', import.meta.url));

/** Not the temporary folder, Node's default, where others could put code that we would run. */
const FOLDER = fileURLToPath(new URL('../compile-cache', import.meta.url));

const loaded = load() as Loaded<typeof service>;

/** serve() of serve.ts. In the build this file stands for it, as dist/src/serve.js, and loads the bundle. */
export async function serve(signals: StopSignals): Promise<void> {
  await loaded.exports.serve(signals);
  // All that a start runs is compiled now, and none of it is thrown away yet.
  loaded.keep();
}

// Node keeps compiled code from 22 on, in FOLDER unless NODE_COMPILE_CACHE names another, and writes it when the process ends.
function load(): Loaded<unknown> {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  // oxlint-disable-next-line node/no-process-env -- Variables of Node, which are no settings.
  const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE } = process.env;
  // As Node does, which takes an empty variable for none.
  if (!enableCompileCache && !NODE_DISABLE_COMPILE_CACHE) return loadCompiled(BUNDLE, NODE_COMPILE_CACHE || FOLDER);
  enableCompileCache?.(FOLDER);
  return { exports: createRequire(BUNDLE)(BUNDLE), keep: () => undefined };
}
