import { Module } from '@nestjs/common';
import { ApiKeys } from './api-keys.js';
import { KeyLookUps } from './key-look-ups.js';

/** API keys. */
@Module({ providers: [ApiKeys, KeyLookUps], exports: [ApiKeys] })
export class KeysModule {}
