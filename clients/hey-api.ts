import { createClient } from './generated/hey-api/client';
import { patchItem } from './generated/hey-api/sdk.gen';
import type { ItemMergePatch, PatchItemError } from './generated/hey-api/types.gen';

/** Renames an item, and returns the outcome as text. */
export async function rename(baseUrl: string, id: string, name: string): Promise<string> {
  const client = createClient({ baseUrl });
  const body: ItemMergePatch = { name };
  const { data, error } = await patchItem({ client, path: { id }, body, headers: { Prefer: 'return=representation' } });
  return error ? advice(error) : `version ${data?.version}`;
}

/** Compiles only if the cases are exactly the declared codes. */
function advice(problem: PatchItemError): string {
  switch (problem.code) {
    case 'item-not-found':
      return problem.deletedAt ? `gone since ${problem.deletedAt}` : `there is no ${problem.itemId}`;
    case 'patch-does-not-apply':
      return `read version ${problem.currentVersion}`;
    case 'precondition-failed':
      return `read version ${problem.currentVersion ?? 'that is there'}`;
    case 'patch-result-invalid':
    case 'invalid-body':
    case 'invalid-path':
    case 'invalid-query':
    case 'invalid-idempotency-key':
    case 'malformed-precondition':
      return `mend ${problem.errors?.map(({ rule }) => rule).join(', ')}`;
    case 'malformed-json':
      return `mend the text at ${problem.position}`;
    case 'body-too-large':
    case 'target-too-long':
      return `keep within ${problem.limitBytes} bytes`;
    case 'precondition-required':
    case 'malformed-request':
    case 'misdirected-request':
    case 'malformed-gzip':
    case 'rehearsal-off':
    case 'invalid-rehearsal':
    case 'version-not-supported':
    case 'not-acceptable':
    case 'expectation-failed':
    case 'unsupported-patch-type':
    case 'unsupported-content-coding':
    case 'header-too-large':
    case 'answer-erased':
    case 'idempotency-key-reused':
      return 'mend the client';
    case 'unauthenticated':
    case 'invalid-token':
      return 'get a credential';
    case 'insufficient-scope':
      return `get a credential with the scope ${problem.scope}`;
    case 'quota-exceeded':
    case 'token-keys-unavailable':
    case 'request-timeout':
    case 'idempotency-key-in-use':
    case 'overloaded':
    case 'storage-unavailable':
    case 'starting':
    case 'shutting-down':
    case 'storage-full':
    case 'storage-damaged':
    case 'outcome-unknown':
    case 'unexpected':
      return problem.retryable ? 'try again' : 'tell the operators';
    default:
      return problem satisfies never;
  }
}
