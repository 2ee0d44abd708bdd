import type { OpenAPIObject } from '@nestjs/swagger';
import type { PublicUrl } from '../../config/public-url.js';
import type { Contract } from '../contract.js';
import type { PublishedSettings } from '../fields.js';
import type { Restriction } from '../restriction.js';
import { pathsOf, restrictionLine } from './paths.js';
import { ProblemDto } from './problem.dto.js';
import { problemExamples, problemSchemas } from './problem-schemas.js';
import { fieldComponents } from './request-fields.js';
import { fieldsReferredTo } from './response-fields.js';
import { schemasOf } from './schemas.js';

// Links are relative to the document, so that they work behind any proxy.
const describe = (
  restrictions: Restriction[],
) => `A registry of items in which every status code is right, declared, proven and documented.

Every 4xx and 5xx is a problem (RFC 9457) whose \`code\` says what happened, whose \`detail\` says what to do about it,
and whose \`retryable\` says whether the same request may succeed later. In addition to what the operations list, the
server answers OPTIONS with 204 and Allow, a method that a resource does not offer with 405, an unknown path with 404, and
bytes that are not an HTTP/1.1 message with 400, 408, 414, 431, 501 or 505. [Problem types](problems) says what each problem
means and what to do. [Status codes](status-codes) shows which operation gives which answer.

Every answer carries \`X-Content-Type-Options: nosniff\`. Answers to web pages of an origin that the operator allows carry the
fields of CORS as well, and OPTIONS answers preflights.

A query parameter that an operation does not list, or that is given twice, is refused. Every operation also refuses the
following, which schemas can't express:

${restrictions.map((restriction) => restrictionLine(restriction, restriction.codes)).join('\n')}`;

const CREDENTIALS = `An operation with a scope needs a credential that has this scope: an API key or a JSON Web Token, sent as
\`Authorization: Bearer …\`. Without one, or with one that is not valid, it answers 401, without the scope 403. All other
operations are open, and ignore the field.`;

const NO_CREDENTIALS = `An operation with a scope needs a credential only where the service runs with \`AUTH=required\`: an API key
or a JSON Web Token that has this scope, sent as \`Authorization: Bearer …\`. This service runs with \`AUTH=off\`. It asks nobody
for a credential, and ignores those that are sent.`;

// Described once here, and not as a parameter of each operation: generated clients do not need it.
const REHEARSALS = `With the field \`Rehearse\`, as in \`Rehearse: 409; problem="item-exists"\`, an operation carries out nothing
and gives the answer that the field names, marked \`Rehearsed: true\`. Requests that came through a proxy get no rehearsals.`;

/** The OpenAPI 3.1 document: paths from the declarations, schemas from the DTOs by @nestjs/swagger. */
export function openApiDocument(contract: Contract, publicUrl: PublicUrl, settings: PublishedSettings): OpenAPIObject {
  const { operations, tags, version } = contract;
  const schemas = schemasOf(operations);
  const paths = pathsOf(contract, schemas, settings);
  const description = [
    describe(contract.restrictionsOfAll),
    settings.auth === 'required' ? CREDENTIALS : NO_CREDENTIALS,
    ...(settings.rehearsal ? [REHEARSALS] : []),
  ];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Items',
      version,
      description: description.join('\n\n'),
      license: { name: 'MIT', identifier: 'MIT' } as never,
      contact: { name: 'The operators of this service' },
    },
    servers: [{ url: publicUrl.of('') || '/' }],
    tags,
    ...(settings.rehearsal && { 'x-rehearsal': 'Rehearse' }),
    paths,
    components: {
      schemas: { ...schemas.components, ...problemSchemas(contract, schemas.of(ProblemDto)) },
      examples: problemExamples(operations),
      securitySchemes: contract.securitySchemes,
      parameters: fieldComponents(contract, settings),
      headers: fieldsReferredTo(paths, contract.responseFields),
    },
  };
}
