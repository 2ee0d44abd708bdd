import module from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StopSignals } from './stop-signals.js';

const signals = new StopSignals();
keepCompiled(fileURLToPath(new URL('../compile-cache', import.meta.url)));
// After the signals are handled, since loading it takes most of the start.
const { serve } = await import('./serve.js');
// A signal that came meanwhile ends the process here.
await setImmediate();
await serve(signals);

// From Node 22.1 on, unless NODE_COMPILE_CACHE names another folder. If the folder can't be written, nothing is kept. Node's
// default is the temporary folder, where others could put code that we would run.
function keepCompiled(folder: string): void {
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  enableCompileCache?.(folder);
}
