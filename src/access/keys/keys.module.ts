import { Module } from '@nestjs/common';
import { ApiKeys } from './api-keys.js';
import { KeyLookUps } from './key-look-ups.js';
import { LastUses } from './last-uses.js';

/** API keys. */
@Module({ providers: [ApiKeys, KeyLookUps, LastUses], exports: [ApiKeys] })
export class KeysModule {}
