import { StopSignals } from './process/stop-signals.js';

const signals = new StopSignals();
// Only now, since loading all of it takes a second.
const { serve } = await import('./process/serve.js');
await serve(signals);
