import type { Row } from './row.js';

const CREDENTIALS = 'test/e2e/access/credentials.spec.ts';
const RIGHTS = 'test/e2e/access/rights.spec.ts';
const TOKENS = 'test/e2e/access/json-web-tokens.spec.ts';
const SLOW = 'test/e2e/access/slow-requests.spec.ts';
const OPEN = 'test/e2e/access/open-operations.spec.ts';

/** A and L: who may do what. With AUTH=required, unless a row says otherwise. */
export const ACCESS: Row[] = [
  {
    number: 'A8',
    request: 'a change with a stale If-Match, without a credential, with a bad one, or with one that lacks the right',
    answer: '401 or 403, not 412; also before faults of path, query and body',
    section: '§13.2.1',
    provenBy: RIGHTS,
  },
  {
    number: 'L1',
    request: 'an operation with a scope, without a credential',
    answer: '401, and a challenge `Bearer` without an error code',
    section: '§11.6.1, §15.5.2; RFC 6750 §3.1',
    provenBy: CREDENTIALS,
  },
  {
    number: 'L2',
    request: 'a credential that is malformed, mistyped, unknown, expired or revoked, or has a wrong secret',
    answer: '401 with `error="invalid_token"`, the same answer for each',
    section: 'RFC 6750 §3.1, own',
    provenBy: `${CREDENTIALS}, test/e2e/access/token-credentials.spec.ts`,
  },
  {
    number: 'L3',
    request: 'a valid credential without the scope of the operation',
    answer: '403 with `error="insufficient_scope"` and the scope',
    section: '§15.5.4; RFC 6750 §3.1',
    provenBy: RIGHTS,
  },
  {
    number: 'L40',
    request: 'a credential in the query',
    answer: 'does not count: 401 without Authorization, else 400; the value is in no answer and no log',
    section: 'RFC 6750 §2.3, own',
    provenBy: CREDENTIALS,
  },
  {
    number: 'L41',
    request: 'Authorization of another scheme, without a scheme, or empty',
    answer: 'counts as no credential: 401 without an error code',
    section: '§11.4, §11.6.2; RFC 6750 §3.1, own',
    provenBy: CREDENTIALS,
  },
  {
    number: 'L42',
    request: '`bearer` in any case, with one space or more behind it',
    answer: 'is the scheme Bearer',
    section: '§11.1, §11.4',
    provenBy: CREDENTIALS,
  },
  {
    number: 'L43',
    request: 'two Authorization fields, even with the same key',
    answer: '400',
    section: '§5.3, own',
    provenBy: CREDENTIALS,
  },
  {
    number: 'L44',
    request: 'an operation without a scope, OPTIONS, an unknown path or method, with any credential or none',
    answer: 'the same answer: credentials are not looked at',
    section: 'own',
    provenBy: OPEN,
  },
  {
    number: 'L45',
    request: 'any credential on a service with AUTH=off',
    answer: 'the same answer as without it',
    section: 'own',
    provenBy: OPEN,
  },
  {
    number: 'L46',
    request: 'any request with a credential',
    answer: 'the credential is in no log line, no problem and no X-Request-Id',
    section: 'RFC 6750 §5.3, own',
    provenBy: CREDENTIALS,
  },
  {
    number: 'L47',
    request: 'a request with a body that is refused with 401 or 403',
    answer: 'the answer before the body is read, and no 100',
    section: '§10.1.1, own',
    provenBy: RIGHTS,
  },
  {
    number: 'L65',
    request: 'a request whose key is revoked behind its head, while the body comes or an answer before it is read',
    answer: '401 as in L2 if that takes 5 s, behind the body, and nothing is done; the connection stays open',
    section: '§15.5.2; RFC 6750 §3.1, own',
    provenBy: SLOW,
  },
  {
    number: 'L66',
    request: 'a request whose key or token expires behind its head',
    answer: 'the same, from the moment on at which it has expired',
    section: 'RFC 7519 §4.1.4, own',
    provenBy: SLOW,
  },
  {
    number: 'L67',
    request:
      'any API key that is not known, or was read 5 s ago, while the database file is moved, deleted or replaced',
    answer: '503: the key may be revoked in the file that is there now',
    section: '§15.6.4, own',
    engine: 'sqlite',
    provenBy: 'test/e2e/database/lost-files.spec.ts',
  },
  {
    number: 'L68',
    request: 'requests with the old and the new secret of a key, in the moment of its rotation',
    answer: 'are carried out: none is answered 401',
    section: 'own',
    provenBy: 'test/e2e/access/rotation.spec.ts',
  },
  {
    number: 'L49',
    request: 'more than 30 refused credentials of one address in a minute',
    answer: '429 with Retry-After in place of the 401; a valid credential is let in all the same',
    section: 'RFC 6585 §4, own',
    provenBy: CREDENTIALS,
  },
  {
    number: 'L48',
    request: 'a rehearsal without a credential',
    answer: 'the rehearsed answer: nothing is carried out and nothing but an example is shown',
    section: 'own',
    provenBy: OPEN,
  },
  {
    number: 'L60',
    request: 'a JSON Web Token that is not signed by the issuer for this service, not valid now, or of another kind',
    answer: '401 as in L2; with `alg` none, HMAC and the public key as a secret, too',
    section: 'RFC 7519 §7.2, RFC 8725 §3, RFC 9068 §4',
    provenBy: TOKENS,
  },
  {
    number: 'L61',
    request: 'a token while the issuer of tokens has given no keys yet',
    answer: '503 after 5 s at most; whoever waits for Retry-After gets through if the issuer is back',
    section: '§15.6.4, own',
    provenBy: TOKENS,
  },
  {
    number: 'L62',
    request: 'a token while the issuer is slow, broken or away',
    answer: 'is judged by the keys as last read; 503 if they lack its own',
    section: 'own',
    provenBy: TOKENS,
  },
  {
    number: 'L63',
    request: 'tokens while the issuer changes its keys',
    answer: 'none is answered 401; a key that is withdrawn stops working, also for tokens that were accepted before',
    section: 'RFC 7517 §5, own',
    provenBy: TOKENS,
  },
  {
    number: 'L64',
    request: 'a flood of tokens with unknown keys',
    answer: '401; the issuer is asked every 30 s at most',
    section: 'own',
    provenBy: TOKENS,
  },
];
