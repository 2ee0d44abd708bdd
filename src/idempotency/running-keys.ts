import { Injectable, type HttpException } from '@nestjs/common';
import type { KeyedRequest } from './idempotency-key.js';
import { identityOf } from './idempotency-record.entity.js';
import { idempotencyKeyInUse, idempotencyKeyReused } from './idempotency.problems.js';

const RETRY_AFTER_SECONDS = 1;

/** The keys under which a request is running in this process. Between processes, the second waits for the first's commit. */
@Injectable()
export class RunningKeys {
  private readonly fingerprints = new Map<string, string>();

  /** Runs `work` as the only request under its key. Problems: idempotencyKeyInUse (409), idempotencyKeyReused (422). */
  async alone<T>(keyed: KeyedRequest, work: () => Promise<T>): Promise<T> {
    const refusal = this.begin(keyed);
    if (refusal) throw refusal;
    try {
      return await work();
    } finally {
      this.end(keyed);
    }
  }

  /** Takes a key, until {@link end}. Returns the problem if another request has it: idempotencyKeyInUse (409), idempotencyKeyReused (422). */
  begin(keyed: KeyedRequest): HttpException | undefined {
    const identity = identityOf(keyed);
    const running = this.fingerprints.get(identity);
    if (running !== undefined) {
      return running === keyed.fingerprint ? idempotencyKeyInUse(RETRY_AFTER_SECONDS) : idempotencyKeyReused();
    }
    this.fingerprints.set(identity, keyed.fingerprint);
    return undefined;
  }

  end(keyed: KeyedRequest): void {
    this.fingerprints.delete(identityOf(keyed));
  }
}
