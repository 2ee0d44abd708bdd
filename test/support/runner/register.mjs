// Lets a process load TypeScript: import this file, or use `node --import`.
import { register } from 'node:module';

register('./loader-hooks.mjs', import.meta.url);
