import { BadRequestException, PreconditionFailedException } from '@nestjs/common';
import { PreconditionRequiredException } from '../../../problems/exceptions.js';
import { problem, type InputFault } from '../../../problems/problem.js';

/** If-Match or If-None-Match is not a list of entity-tags. RFC 9110 §8.8.3, §13.1. */
export const malformedPrecondition = problem(
  BadRequestException,
  {
    code: 'malformed-precondition',
    title: 'Malformed precondition',
    retryable: false,
    meaning:
      'If-Match or If-None-Match is not a list of entity-tags, so the service can’t check the condition. ' +
      'Nothing was done.',
    remedy: 'Send the ETag of an earlier answer unchanged, including its quotes, or * alone.',
  },
  (errors: InputFault[]) => ({
    detail: 'A precondition of the request is malformed; see errors. Nothing was done.',
    errors,
  }),
  [[{ header: 'If-Match', rule: 'entity-tags', detail: 'If-Match must be * alone, or entity-tags in quotes …' }]],
);

/** A condition of the request does not hold for the current state. RFC 9110 §13.1, §15.5.13. */
export const preconditionFailed = problem(
  PreconditionFailedException,
  {
    code: 'precondition-failed',
    title: 'Precondition failed',
    retryable: false,
    meaning:
      'The condition of the request is false for the current state: the resource was changed, created or deleted since the ' +
      'client read it. Nothing was done.',
    remedy:
      'Read the current state, check that the change is still right, and send it with the new ETag. If the detail says that ' +
      'a proxy altered the tag, configure the proxy to keep ETag, or send the tag that the detail names.',
    retry: 'Not with the same condition. Read the current state and send the new ETag.',
    members: {
      currentVersion: {
        type: 'integer',
        description: 'Current version; absent for a list, and if the resource does not exist',
        isOptional: true,
      },
    },
  },
  (field: string, currentVersion?: number, altered?: AlteredTag) => ({
    detail: `The condition of ${field} does not hold${altered ? whatAltered(altered) : whatIsCurrent(currentVersion)}`,
    ...(currentVersion !== undefined && { members: { currentVersion } }),
  }),
  ['If-Match', 4],
);

/** A tag of If-Match that a proxy has altered, and the current tag that it was made from. */
interface AlteredTag {
  sent: string;
  current: string;
}

function whatIsCurrent(version: number | undefined): string {
  return version === undefined
    ? '. Nothing was done. Read the current state, then send the request with its ETag.'
    : `: version ${version} is current. Nothing was done. Read that version, then send the request with its ETag.`;
}

// RFC 9110 §13.1.1: If-Match compares strongly, character by character.
function whatAltered({ sent, current }: AlteredTag): string {
  const how = sent.startsWith('W/') ? 'made weak, and If-Match never matches a weak tag' : 'with a suffix';
  return (
    `: ${sent.slice(0, 128)} is the current tag ${how}. Nothing was done. A proxy that compresses answers may change ETag ` +
    `in this way. Configure it to keep ETag, or send ${current}.`
  );
}

/** A change must name the version that it expects (REQUIRE_PRECONDITIONS). RFC 6585 §3. */
export const preconditionRequired = problem(
  PreconditionRequiredException,
  {
    code: 'precondition-required',
    title: 'Precondition required',
    retryable: false,
    meaning:
      'This service requires a condition for each change, so that nobody overwrites a state that they have not seen.',
    remedy: 'Read the resource and send its ETag in If-Match. To create without overwriting, send If-None-Match: *.',
    retry: 'Only with a condition.',
  },
  (mayCreate: boolean) => ({
    detail:
      'This service requires a condition for each change. Read the resource and send its ETag in If-Match' +
      (mayCreate ? ', or send If-None-Match: * to create it.' : '.'),
  }),
  [true],
);
