import { Global, Module } from '@nestjs/common';
import { CredentialsCheck } from './credentials-check.js';
import { KeysModule } from './keys/keys.module.js';
import { RightCheck } from './right-check.js';
import { TokensModule } from './tokens/tokens.module.js';

/** Who may call what. Global, since its checks run among those of the head. */
@Global()
@Module({
  imports: [KeysModule, TokensModule],
  providers: [CredentialsCheck, RightCheck],
  exports: [CredentialsCheck, RightCheck],
})
export class AccessModule {}
