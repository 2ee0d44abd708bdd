import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { StopSignals } from './stop-signals.js';

const signals = new StopSignals();
keepCompiled(fileURLToPath(new URL('../compile-cache', import.meta.url)));
// Only now, since loading all of it takes most of the start.
const { serve } = await import('./serve.js');
await serve(signals);

// Since version 22.1, and unless NODE_COMPILE_CACHE names another folder. Where nothing can be written, nothing is kept. Not
// Node's own choice, the temporary folder: others can write there, and this is code.
function keepCompiled(folder: string): void {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  enableCompileCache?.(folder);
}
