import { Module } from '@nestjs/common';
import { ReaderModule } from '../../database/database.module.js';
import { ApiKeys } from './api-keys.js';
import { KeyLookUps } from './key-look-ups.js';
import { LastUses } from './last-uses.js';

/** API keys. */
@Module({ imports: [ReaderModule], providers: [ApiKeys, KeyLookUps, LastUses], exports: [ApiKeys] })
export class KeysModule {}
