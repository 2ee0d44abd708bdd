import { Module } from '@nestjs/common';
import { RunningKeys } from './running-keys.js';

/** What all operations that take an Idempotency-Key share. */
@Module({ providers: [RunningKeys], exports: [RunningKeys] })
export class IdempotencyModule {}
