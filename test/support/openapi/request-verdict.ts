import { contract } from '../../../src/contract.js';
import type { Restriction } from '../../../src/contract/restriction.js';
import { elementsOf } from '../../../src/http/fields/list-field.js';
import type { Answer } from '../answer.js';
import { exampleRequest, sent, type GeneratedRequest } from './generated-requests.js';
import { SchemaJudge, type Field } from './openapi-document.js';

/** Statuses that refuse a request whatever the state of the service is, except for one code, which depends on it. */
const REFUSING = [400, 413, 414, 415, 417, 422, 431];
const BY_STATE = 'idempotency-key-reused';

/** Fields whose value is ignored if it breaks the rules of the document. */
const LENIENT_FIELDS = contract.requestFields.flatMap(({ name, isIgnoredOtherwise }) =>
  isIgnoredOtherwise ? [name] : [],
);

const judge = new SchemaJudge();

/** How a request departs from the document: in its parameters, its body and their schemas. */
export function faultsOfRequest({ operation, path, query, headers, contentType, text }: GeneratedRequest): string[] {
  const { parameters = [], requestBody } = operation;
  const given = (field: Field): string[] => {
    if (LENIENT_FIELDS.includes(field.name)) return [];
    if (field.in === 'query') return query.filter(([name]) => name === field.name).map(([, value]) => value);
    const value = field.in === 'path' ? path[field.name] : headers[field.name]?.replaceAll(/^[\t ]+|[\t ]+$/g, '');
    if (field.name === 'Content-Encoding') return codingsIn(value);
    return value === undefined ? [] : [value];
  };
  const names = parameters.filter((field) => field.in === 'query').map(({ name }) => name);
  return [
    ...query
      .filter(([name]) => !names.includes(name) && !ignoresQuery(operation.operationId))
      .map(([name]) => `${name} is not a parameter`),
    ...parameters.flatMap((field) => {
      const values = given(field);
      if (values.length > 1) return [`${field.name} is given twice`];
      if (values[0] === undefined) return field.required ? [`${field.name} is missing`] : [];
      return judge.faults(field.schema, readAs(field, values[0])).map((fault) => `${field.name}${fault}`);
    }),
    ...(requestBody ? faultsOfContent(requestBody.content, contentType, text) : text ? ['content'] : []),
  ];
}

// OpenAPI can say this only in words.
function ignoresQuery(operationId: string): boolean {
  return contract.operations.some(({ id, isProbe }) => id === operationId && isProbe === true);
}

// A list in any case. gzip has two names, and identity means no coding (RFC 9110 §5.6.1.2, §8.4.1, §8.4.1.3).
function codingsIn(value = ''): string[] {
  const codings = elementsOf(value.toLowerCase()).map((coding) => (coding === 'x-gzip' ? 'gzip' : coding));
  return codings.length === 1 && codings[0] === 'identity' ? [] : codings;
}

// OpenAPI writes an integer in digits, and does not mention leading zeros.
function readAs({ schema }: Field, value: string): unknown {
  if (schema.type === 'boolean' && /^(?:true|false)$/.test(value)) return value === 'true';
  return schema.type === 'integer' && /^\d+$/.test(value) ? Number(value) : value;
}

type Content = NonNullable<GeneratedRequest['operation']['requestBody']>['content'];

function faultsOfContent(content: Content, contentType = '', text = ''): string[] {
  const declared = content[contentType.split(';', 1)[0]?.trim() ?? ''];
  if (!declared) return [`${contentType} is not a media type of the operation`];
  try {
    return judge.faults(declared.schema, JSON.parse(text));
  } catch {
    return ['its body is not JSON'];
  }
}

// The parser answers without a body if a target is so long that it has not seen the whole of it.
function codeOf(answer: Answer): string {
  return answer.status === 414 && answer.text === '' ? 'target-too-long' : answer.json.code;
}

/** Whether an answer refuses the request itself, and not its use on the present state. */
export function isRefusal(answer: Answer): boolean {
  return REFUSING.includes(answer.status) && codeOf(answer) !== BY_STATE;
}

/**
 * Whether the state hid the fault of a request: a patch, and the id in a body, are judged on the item, if it exists and is
 * current.
 */
function isHiddenByState({ operation }: GeneratedRequest, answer: Answer): boolean {
  // That the id differs from that of the path is answered before its form is judged.
  if (answer.json.code === 'item-id-differs') return true;
  const isByState =
    [404, 409, 410, 412].includes(answer.status) || (answer.status === 422 && answer.json.code === BY_STATE);
  return ['PUT', 'PATCH'].includes(operation.method) && isByState;
}

/** Whether the item decides on a fault of the body: on the result of a merge patch, and on the id in a body. */
export function isJudgedByItem({ operation, contentType, text = '' }: GeneratedRequest): boolean {
  if (operation.method === 'PUT') return text.includes('"id":');
  const isMergePatch = operation.method === 'PATCH' && contentType !== 'application/json-patch+json';
  return isMergePatch && text !== exampleRequest(operation).text;
}

/** Throws if the service, which gave this answer to a request, disagrees with the document. `faults` are {@link faultsOfRequest}. */
export function requireAgreement(request: GeneratedRequest, faults: string[], answer: Answer): void {
  const isRefused = isRefusal(answer);
  const got = `${JSON.stringify(sent(request)).slice(0, 1_000)} got ${answer.status} ${answer.text.slice(0, 1_000)}`;
  if (answer.status >= 500) throw new Error(got);
  if (faults.length === 0 && isRefused && explanations(request, answer).length === 0) {
    throw new Error(`The document allows it. ${got}`);
  }
  if (faults.length > 0 && !isRefused && !isHiddenByState(request, answer)) {
    throw new Error(`The document refuses it: ${faults.join('; ')}. ${got}`);
  }
}

/** What an operation refuses although the schemas allow it. */
export function restrictionsOf(operationId: string): Restriction[] {
  return [
    ...(contract.operations.find(({ id }) => id === operationId)?.restrictions ?? []),
    ...contract.restrictionsOfAll,
  ];
}

/** The names on the list that explain why a request that fits the schemas is refused; empty if there is another reason. */
export function explanations({ operation, contentType }: GeneratedRequest, answer: Answer): string[] {
  // The result of a merge patch can be described in the schema, and is.
  const named = restrictionsOf(operation.operationId).filter(
    ({ name }) => name !== 'patch-result' || contentType?.startsWith('application/json-patch+json'),
  );
  const rules = ((answer.text === '' ? undefined : answer.json.errors) ?? [{}]) as { rule?: string }[];
  const found = rules.map(({ rule }) => named.find((restriction) => explains(restriction, codeOf(answer), rule)));
  return found.every((restriction) => restriction !== undefined) ? found.map(({ name }) => name) : [];
}

function explains({ codes, rule }: Restriction, code: string, given: string | undefined): boolean {
  return codes.includes(code) && (rule === undefined || given === undefined || rule === given);
}
