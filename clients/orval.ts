import { deleteItem, type deleteItemResponseError } from './generated/orval';

/** Removes an item if it has this entity-tag, and returns the outcome as text. */
export async function remove(id: string, etag: string): Promise<string> {
  const answer = await deleteItem(id, { headers: { 'If-Match': etag } });
  return answer.status === 204 ? 'it is gone' : advice(answer.data);
}

/** Compiles only if the cases are exactly the declared codes. */
function advice(problem: deleteItemResponseError['data']): string {
  switch (problem.code) {
    case 'item-not-found':
      return problem.deletedAt ? `gone since ${problem.deletedAt}` : `there is no ${problem.itemId}`;
    case 'precondition-failed':
      return `version ${problem.currentVersion} is current`;
    case 'precondition-required':
      return 'read the item first';
    case 'invalid-path':
    case 'invalid-query':
    case 'invalid-idempotency-key':
    case 'malformed-precondition':
      return problem.errors?.map(({ detail }) => detail).join(' ') ?? problem.detail;
    case 'target-too-long':
      return `keep within ${problem.limitBytes} bytes`;
    case 'malformed-request':
    case 'misdirected-request':
    case 'unexpected-content':
    case 'rehearsal-off':
    case 'invalid-rehearsal':
    case 'expectation-failed':
    case 'header-too-large':
    case 'version-not-supported':
      return 'mend the client';
    case 'answer-erased':
    case 'idempotency-key-reused':
      return 'take a new key';
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
