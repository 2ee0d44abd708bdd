/** One operation of a batch, and the request that it stands for. Bodies are texts, so that both are sent as they stand. */
export interface TestOperation {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  id?: string;
  ifMatch?: string;
  ifNoneMatch?: string;
  idempotencyKey?: string;
  contentType?: string;
  /** JSON text. */
  body?: string;
}

const IDS = ['a', 'b', 'c', 'd'];
const NAMES = ['"x"', '"y"', '"z"', '""', '7', 'null'];
const ATTRIBUTES = [
  '{}',
  '{"n": 1.50, "m":[1,2]}',
  '{"big":12345678901234567890}',
  String.raw`{"nul":"\u0000"}`,
  '{"__proto__":1}',
  '[]',
  String.raw`{"é/~":"\u00e9"}`,
];
const OTHER_TYPES = ['text/plain', 'application/json; charset=latin1', 'APPLICATION/JSON'];
const JSON_PATCHES = [
  '[{"op":"replace","path":"/name","value":"p"}]',
  '[{"op":"test","path":"/name","value":"x"},{"op":"add","path":"/tags/-","value":"t"}]',
  '[{"op":"remove","path":"/attributes/none"}]',
  '[{"op":"remove","path":"/name"}]',
  '[{"op":"nope","path":"/name"}]',
  '{}',
];

/** Operations on few items, sound or spoilt in every way. `tagOf` gives the current entity-tag of an item, `guarded` says how many have If-Match. */
export function randomOperation(
  random: () => number,
  tagOf: (id: string) => string | undefined,
  guarded: number,
): TestOperation {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const seldom = <T>(value: T, share = 0.05): T | undefined => (random() < share ? value : undefined);
  const method = pick(['POST', 'PUT', 'PUT', 'PATCH', 'PATCH', 'DELETE'] as const);
  const id = pick(IDS);
  const tags = [tagOf(id) ?? '"1-00000000"', '*', '*', '*', '"0-00000000"', `W/${tagOf(id) ?? '""'}`, 'nope', ''];
  const [body, type] = random() < 0.03 ? ['null'] : bodyOf();
  const operation: TestOperation = {
    method,
    id: (method === 'POST' ? undefined : seldom('no id', 0.03)) ?? id,
    ifMatch: seldom(pick(tags), guarded),
    ifNoneMatch: method === 'POST' ? seldom('*') : seldom(pick(tags), 0.1),
    idempotencyKey: seldom(pick(['k1', 'k1', 'k2', '"k1"', 'no key', '']), 0.2),
    contentType: (method === 'DELETE' ? undefined : seldom(pick(OTHER_TYPES))) ?? type,
    body,
  };
  if (operation.method === 'POST' && random() < 0.5) delete operation.id;
  const given = Object.entries(operation).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as unknown as TestOperation;

  function bodyOf(): [body?: string, type?: string] {
    if (method === 'DELETE') return [seldom('{}')];
    if (seldom(true)) return [];
    if (method === 'PATCH' && random() < 0.4) {
      return [pick(JSON_PATCHES), 'application/json-patch+json'];
    }
    const name = pick(random() < 0.8 ? NAMES.slice(0, 3) : NAMES);
    const members = [
      ...(method === 'POST' ? [`"id":"${id}"`] : []),
      ...(random() < 0.9 ? [`"name": ${name}`] : []),
      ...(random() < 0.3 ? [`"attributes":${pick(random() < 0.7 ? ATTRIBUTES.slice(0, 2) : ATTRIBUTES)}`] : []),
      ...(seldom(true) ? ['"version":1'] : []),
      ...(seldom(true) ? ['"nope":{"a":1}'] : []),
    ];
    return [`{${members.join(' , ')}}`, method === 'PATCH' ? seldom('application/merge-patch+json', 0.5) : undefined];
  }
}

/** The text of a batch, and where the body of each operation begins in it. */
export function batchText(atomic: boolean, operations: TestOperation[]): { text: string; starts: number[] } {
  const starts: number[] = [];
  let text = `{"atomic":${atomic},"operations":[`;
  for (const [index, { body, ...others }] of operations.entries()) {
    text += `${index > 0 ? ',\n' : ''}{${Object.entries(others)
      .map(([name, value]) => `"${name}":${JSON.stringify(value)}`)
      .join(',')}`;
    if (body !== undefined) {
      text += ',"body": ';
      starts[index] = text.length;
      text += body;
    }
    text += '}';
  }
  return { text: `${text}]}`, starts };
}
