import { setImmediate } from 'node:timers/promises';
import { StopSignals } from './stop-signals.js';

const signals = new StopSignals();
// After the signals are handled, since loading it takes most of the start.
const { serve } = await import('./serve.js');
// A signal that came meanwhile ends the process here.
await setImmediate();
await serve(signals);
