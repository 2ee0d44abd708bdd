import { SCOPES } from '../../../contract/operation.js';
import { MAX_NAME_LENGTH } from '../key.limits.js';

/** How the command is called. */
export const USAGE = `Usage: npm run keys -- <command>

  create --name <name> --scopes <scopes> [--expires <time>] [--quiet]
      Makes a key and shows it, only this once.
  list [--json]
      Shows all keys without their secrets.
  rotate <id> [--now] [--quiet]
      Gives a key a new secret and shows it, only this once. The old one works for 24 hours more, with --now not at all. The
      one before that works no more.
  revoke <id>
      Ends a key for ever.

  <name>    for people, 1 to ${MAX_NAME_LENGTH} characters; two keys may have the same
  <scopes>  separated by commas: ${SCOPES.join(', ')}
  <time>    days or hours from now, such as 90d or 12h; without it the key never expires
  --quiet   prints the key and nothing else: key=$(npm run -s keys -- create … --quiet)

The keys are in the database of DATABASE_URL, which is read from the environment or .env as by the service.
`;
