/** What an attacker hides in a message. If it were read as a request, its id would be in the log. */
export const SMUGGLED = 'DELETE /items/kept HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: smuggled\r\n\r\n';

/** A sound request after the attack, after which the connection closes. */
const NEXT = 'GET /example HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: next\r\nConnection: close\r\n\r\n';

/** One message, and the statuses that come back for it and for all after it on its connection. */
type SmugglingCase = [name: string, message: string, statuses: number[]];

const HEAD = 'POST /items HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: attack\r\nContent-Type: application/json\r\n';
/** Fields that make the parser, or the check of framing, refuse the message. Its body hides a request. */
const framed = (fields: string, content = `0\r\n\r\n${SMUGGLED}`): string => `${HEAD}${fields}\r\n\r\n${content}`;
const inChunks = (content: string): string => framed('Transfer-Encoding: chunked', `${content}${SMUGGLED}`);
const ofLength = (head: string, content = SMUGGLED): string =>
  `${head}\r\nX-Request-Id: attack\r\nContent-Length: ${content.length}\r\n\r\n${content}${NEXT}`;
const refused = (name: string, message: string, status = 400): SmugglingCase => [name, message, [status]];

const LENGTHS = [
  'Content-Length: 6\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nContent-Length: 6',
  'Content-Length: 0\r\nContent-Length: 6',
  'Content-Length: 5\r\nContent-Length: 5',
  'Content-Length: 5, 5',
  'Content-Length: 5, 6',
  'Content-Length: -5',
  'Content-Length: +5',
  'Content-Length: 0x5',
  'Content-Length: 5 5',
  'Content-Length: 5.0',
  'Content-Length: 5x',
  'Content-Length: ',
  'Content-Length: \x0b5',
  'Content-Length: 99999999999999999999',
  'Content-Length : 5',
  'Content-Length\t: 5',
  'Content-Length:\r\n 5',
  'Content-Length\0: 5',
];

const CODINGS = [
  'Transfer-Encoding: identity',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: chunked, chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: "chunked"',
  'Transfer-Encoding: chunked;q=1',
  'Transfer-Encoding: ,chunked',
  'Transfer-Encoding: \x0bchunked',
  'Transfer-Encoding: \0chunked',
  'Transfer-Encoding: ',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\r\n chunked',
  ' Transfer-Encoding: chunked',
  'X: y\nTransfer-Encoding: chunked',
  'X: y\rTransfer-Encoding: chunked',
];

const CHUNKS: [name: string, chunks: string][] = [
  ['a size that is not a number', 'xyz\r\n{}\r\n0\r\n\r\n'],
  ['a size with 0x', '0x2\r\n{}\r\n0\r\n\r\n'],
  ['a negative size', '-2\r\n{}\r\n0\r\n\r\n'],
  ['a size with a plus', '+2\r\n{}\r\n0\r\n\r\n'],
  ['a size past 64 bits', 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n'],
  ['a size with a space after it', '2 \r\n{}\r\n0\r\n\r\n'],
  ['no size', '\r\n{}\r\n0\r\n\r\n'],
  ['more data than its size', '2\r\n{}{}\r\n0\r\n\r\n'],
  ['less data than its size', '3\r\n{}\r\n0\r\n\r\n'],
  ['a bare LF after the size', '2\n{}\r\n0\r\n\r\n'],
  ['a bare LF after the data', '2\r\n{}\n0\r\n\r\n'],
  ['a bare CR after the size', '2\r{}\r\n0\r\n\r\n'],
  ['a bare LF in an extension', '2;a\n{}\r\n0\r\n\r\n'],
  ['an extension of 20 KB', `2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`],
  ['a trailer with Content-Length', '2\r\n{}\r\n0\r\nContent-Length: 70\r\n\r\n'],
  ['a trailer that is not a field', '2\r\n{}\r\n0\r\nbroken\r\n\r\n'],
  ['a bare LF at its end', '2\r\n{}\r\n0\r\n\n'],
];

const LINES: [name: string, line: string][] = [
  ['a bare LF after a field', 'X: y\nY: z'],
  ['a bare CR in a value', 'X: y\rY: z'],
  ['a folded value', 'X: y\r\n z'],
  ['a folded value with a tab', 'X: y\r\n\tz'],
  ['NUL in a value', 'X: y\0z'],
  ['NUL in a name', 'X\0: y'],
  ['a field without a colon', 'broken'],
  ['a field without a name', ': y'],
  ['a name that is not a token', 'X(y): z'],
];

/** Each one follows a sound request on its connection, which must get its own answer. */
export const SMUGGLING_CASES: SmugglingCase[] = [
  ...[...LENGTHS, ...CODINGS].map((fields) => refused(JSON.stringify(fields), framed(fields))),
  refused('Transfer-Encoding in HTTP/1.0', framed('Transfer-Encoding: chunked').replace('HTTP/1.1', 'HTTP/1.0')),
  ...CHUNKS.map(([name, chunks]) => refused(`a chunk with ${name}`, inChunks(chunks))),
  ...LINES.map(([name, line]) =>
    refused(name, `GET /example HTTP/1.1\r\nHost: localhost\r\n${line}\r\n\r\n${SMUGGLED}`),
  ),
  refused('bare LF everywhere', `GET /example HTTP/1.1\nHost: localhost\n\n${SMUGGLED}`),
  refused('bare CR everywhere', `GET /example HTTP/1.1\rHost: localhost\r\r${SMUGGLED}`),
  refused('a space before the first field', `GET /example HTTP/1.1\r\n X: y\r\nHost: localhost\r\n\r\n${SMUGGLED}`),
  refused('a target with a space', `GET /example /x HTTP/1.1\r\nHost: localhost\r\n\r\n${SMUGGLED}`),
  refused('a tab in the request line', `GET\t/example HTTP/1.1\r\nHost: localhost\r\n\r\n${SMUGGLED}`),
  refused('NUL in the target', `GET /exa\0mple HTTP/1.1\r\nHost: localhost\r\n\r\n${SMUGGLED}`),
  refused('a version in lower case', `GET /example http/1.1\r\nHost: localhost\r\n\r\n${SMUGGLED}`),
  refused('a second version', `GET /example HTTP/1.1 HTTP/1.1\r\nHost: localhost\r\n\r\n${SMUGGLED}`),
  refused('no HTTP at all', `\x16\x03\x01\x02\x00\r\n\r\n${SMUGGLED}`),
  refused('an absolute target without a host', `GET http:///example HTTP/1.1\r\nHost: localhost\r\n\r\n${SMUGGLED}`),
  refused('two Hosts', `GET /example HTTP/1.1\r\nHost: localhost\r\nHost: y\r\n\r\n${SMUGGLED}`),
  refused('an unknown method', `FROB /example HTTP/1.1\r\nHost: localhost\r\n\r\n${SMUGGLED}`, 501),
  refused('CONNECT', `CONNECT x:443 HTTP/1.1\r\nHost: localhost\r\n\r\n${SMUGGLED}`, 501),
  refused('another version', `GET /example HTTP/1.2\r\nHost: localhost\r\n\r\n${SMUGGLED}`, 505),
  refused('the preface of HTTP/2', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${SMUGGLED}`, 505),
  [
    'a body longer than its length',
    ofLength('POST /items HTTP/1.1\r\nHost: localhost', '{}').replace(NEXT, `x\r\n\r\n${SMUGGLED}`),
    [415, 400],
  ],
  refused(
    'a request after Connection: close',
    `GET /example HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n${SMUGGLED}`,
    200,
  ),
  refused('a body over the limit', `${HEAD}Content-Length: 9999999\r\n\r\n${SMUGGLED}`, 413),
  refused('a body in another version', ofLength('POST /items HTTP/2.0\r\nHost: localhost'), 505),
  refused('a body after Expect', ofLength('POST /items HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue'), 415),
  ['an empty line or two between requests', `\r\n\r\n${NEXT}`, [200]],
  ['a field with an underscore', framed('Transfer_Encoding: chunked'), [400, 400]],
  [
    'a body of a wrong type',
    ofLength('POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain'),
    [415, 200],
  ],
  [
    'a body that is not JSON',
    ofLength('POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json'),
    [400, 200],
  ],
  ['a body for an unknown path', ofLength('POST /nowhere HTTP/1.1\r\nHost: localhost'), [404, 200]],
  ['a body for a method that is not offered', ofLength('PATCH /items HTTP/1.1\r\nHost: localhost'), [405, 200]],
  ['a body for an unknown method', ofLength('PROPFIND /items HTTP/1.1\r\nHost: localhost'), [501, 200]],
  ['a body of GET', ofLength('GET /items HTTP/1.1\r\nHost: localhost'), [400, 200]],
  ['a body of HEAD', ofLength('HEAD /items HTTP/1.1\r\nHost: localhost'), [400, 200]],
  ['a body of DELETE', ofLength('DELETE /items/kept HTTP/1.1\r\nHost: localhost'), [400, 200]],
  ['a body of OPTIONS', ofLength('OPTIONS /items HTTP/1.1\r\nHost: localhost'), [400, 200]],
  ['a body of TRACE', ofLength('TRACE /items HTTP/1.1\r\nHost: localhost'), [405, 200]],
  [
    'a body with Accept of another type',
    ofLength('POST /items HTTP/1.1\r\nHost: localhost\r\nAccept: text/html'),
    [406, 200],
  ],
  [
    'a body that is not gzip',
    ofLength('POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Encoding: gzip'),
    [400, 200],
  ],
  [
    'chunks for an unknown path',
    `POST /nowhere HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n` +
      `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n${NEXT}`,
    [404, 200],
  ],
  [
    'another authority in the target',
    `GET http://127.0.0.1/example HTTP/1.1\r\nHost: localhost\r\n\r\n${NEXT}`,
    [200, 200],
  ],
];
