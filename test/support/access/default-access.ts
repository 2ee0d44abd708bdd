declare global {
  // Set by jest.config.js for each project of end-to-end tests.
  var AUTH: 'off' | 'required' | undefined;
}

/** Whether services of the tests ask for a credential unless a test says otherwise. */
export const DEFAULT_AUTH = globalThis.AUTH ?? 'off';

/** The field Authorization that requests to a service have unless a test says otherwise, by the URL of the service. */
const credentials = new Map<string, string>();

/** From now on requests to this service have the credential, or none if it is undefined. */
export function sendByDefault(url: string, authorization: string | undefined): void {
  if (authorization === undefined) credentials.delete(url);
  else credentials.set(url, authorization);
}

/** The field Authorization that requests to a service have by default, if any. */
export function credentialFor(url: string): { authorization?: string } {
  const authorization = credentials.get(url);
  return authorization === undefined ? {} : { authorization };
}

/** Bytes to a service, with its credential in each request that has none. Requests are told apart as far as they can be. */
export function withCredential(url: string, bytes: string | Buffer): string | Buffer {
  const { authorization } = credentialFor(url);
  if (authorization === undefined) return bytes;
  const isText = typeof bytes === 'string';
  const text = isText ? bytes : bytes.toString('latin1');
  const changed = withField(text, `Authorization: ${authorization}\r\n`);
  return isText ? changed : Buffer.from(changed, 'latin1');
}

const HEAD = /^(?:\r\n)*[A-Za-z]+ \S+ HTTP\/1\.[01]\r\n/;

/** In characters. A regular expression runs out of stack on megabytes without a space. */
const LONGEST_LINE = 65_536;

function withField(sent: string, field: string): string {
  let done = '';
  for (let rest = sent; ;) {
    const [line] = HEAD.exec(rest.slice(0, LONGEST_LINE)) ?? [];
    if (line === undefined) return done + rest;
    const end = rest.indexOf('\r\n\r\n', line.length - 2);
    const head = end < 0 ? rest : rest.slice(0, end + 4);
    const body = /^content-length: *(\d+)/im.exec(head)?.[1] ?? 0;
    const has = /^authorization:/im.test(head);
    done += has ? head : line + field + head.slice(line.length);
    const next = head.length + Number(body);
    done += rest.slice(head.length, next);
    rest = rest.slice(next);
    const chunks = /^0\r\n\r\n/.exec(rest)?.[0] ?? '';
    done += chunks;
    rest = rest.slice(chunks.length);
  }
}
