// Lets this process, or `node --import` this file, load TypeScript as it is.
import { register } from 'node:module';

register('./loader-hooks.mjs', import.meta.url);
