import { Module } from '@nestjs/common';
import { IssuerKeys } from './issuer-keys.js';
import { Tokens } from './tokens.js';

@Module({
  providers: [Tokens, IssuerKeys],
  exports: [Tokens],
})
export class TokensModule {}
