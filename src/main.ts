import { StopSignals } from './stop-signals.js';

const signals = new StopSignals();
// Only now, since loading all of it takes a second.
const { serve } = await import('./serve.js');
await serve(signals);
