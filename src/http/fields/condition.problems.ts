import { BadRequestException, PreconditionFailedException } from '@nestjs/common';
import { PreconditionRequiredException } from '../../problems/exceptions.js';
import { problem, type InputFault } from '../../problems/problem.js';

/** If-Match or If-None-Match is no list of entity-tags. RFC 9110 §8.8.3, §13.1. */
export const malformedPrecondition = problem(
  BadRequestException,
  {
    code: 'malformed-precondition',
    title: 'Malformed precondition',
    retryable: false,
    meaning:
      'If-Match or If-None-Match is no list of entity-tags, so the service can’t know what the request ' +
      'depends on. Nothing was done.',
    remedy: 'Send the ETag of an earlier answer as it came, its quotes included, or * alone.',
  },
  (errors: InputFault[]) => ({
    detail: 'A precondition of the request is unreadable; see errors. Nothing was done.',
    errors,
  }),
  [[{ header: 'If-Match', rule: 'entity-tags', detail: 'If-Match must be * alone, or entity-tags in quotes …' }]],
);

/** A condition of the request does not hold for what is there now. RFC 9110 §13.1, §15.5.13. */
export const preconditionFailed = problem(
  PreconditionFailedException,
  {
    code: 'precondition-failed',
    title: 'Precondition failed',
    retryable: false,
    meaning:
      'The request depended on a state that is not the present one. Somebody else changed the item in ' +
      'between, or made or deleted it. Nothing was done.',
    remedy:
      'Read what is there now, decide whether the change still makes sense, and send it with the new ETag. If the detail says ' +
      'that the tag was altered on the way, have the proxy leave ETag alone, or send the tag that the detail names.',
    retry: 'Not with the same condition. After reading anew: yes, that is what conditions are for.',
    members: {
      currentVersion: {
        type: 'integer',
        description: 'Version of the item that is there; absent for a list, and where no item is',
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

/** The tag of If-Match that a proxy has altered, and the current one, of which it made it. */
interface AlteredTag {
  sent: string;
  current: string;
}

function whatIsCurrent(version: number | undefined): string {
  return version === undefined
    ? '. Nothing was done. Read what is there now, and decide anew.'
    : `: version ${version} is current. Nothing was done. Read it, and decide anew.`;
}

// RFC 9110 §13.1.1: If-Match compares strongly, character by character.
function whatAltered({ sent, current }: AlteredTag): string {
  const how = sent.startsWith('W/') ? 'made weak, and a weak tag never matches here' : 'with a suffix';
  return (
    `: ${sent.slice(0, 128)} is the current tag ${how}. Nothing was done. A proxy that compresses answers alters their ETag so. ` +
    `Have it leave them alone, or send ${current}.`
  );
}

/** A change must say which version it expects (REQUIRE_PRECONDITIONS). RFC 6585 §3. */
export const preconditionRequired = problem(
  PreconditionRequiredException,
  {
    code: 'precondition-required',
    title: 'Precondition required',
    retryable: false,
    meaning: 'This service takes changes only with a condition, so that nobody overwrites what they have not seen.',
    remedy: 'Read the item and send its ETag in If-Match. To create one and never overwrite, send If-None-Match: *.',
    retry: 'Not as it is. With a condition: yes.',
  },
  (mayCreate: boolean) => ({
    detail:
      'Changes must say what they expect to be there. GET it, and send its ETag in If-Match' +
      (mayCreate ? '; to create, and never overwrite, send If-None-Match: *.' : '.'),
  }),
  [true],
);
