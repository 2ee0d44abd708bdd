import { Global, Module } from '@nestjs/common';
import { ClientAddress } from './client-address.js';
import { RateCheck } from './rate-check.js';
import { RefusedCredentials } from './refused-credentials.js';

@Global()
@Module({
  providers: [ClientAddress, RateCheck, RefusedCredentials],
  exports: [RateCheck, RefusedCredentials],
})
export class RateLimitsModule {}
