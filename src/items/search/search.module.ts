import { Module } from '@nestjs/common';
import { SearchGate } from './search-gate.js';

/** What search has for other modules. */
@Module({ providers: [SearchGate], exports: [SearchGate] })
export class SearchModule {}
