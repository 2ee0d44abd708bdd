import type { ProblemConstructor } from '../problems/problem.js';
import { exampleBody } from '../problems/problem-body.js';
import { PublicUrl } from '../config/public-url.js';
import { documentedPath, type Operation } from '../contract/operation.js';
import type { AnswerRow, ProblemEntry, Reference } from '../contract/reference.js';

const NOTE = '<!-- Written by `npm run docs` from the declarations. -->';

/** docs/status-codes.md: the statuses and problems of each operation. */
export function statusCodesPage({ operations, declarations, answers }: Reference): string {
  const columns = [...operations.map((one) => `${one.method}<br>${documentedPath(one)}`), 'outside<br>operations'];
  const rows = answers.map((row) => [
    nameOf(row),
    ...declarations.map((declaration) => (row.givers.has(declaration) ? markOf(row) : '')),
  ]);
  const lines = [['answer', ...columns], ['---', ...columns.map(() => ':-:')], ...rows];
  return `# Status codes

${NOTE}

Every answer that each operation can give. A mark leads to the problem in [problems.md](problems.md), or for a success to
the schemas in [openapi.json](../openapi.json). HEAD answers like GET, without a body. A status that is not listed comes
from a proxy on the way; read an unknown code as the x00 of its class (RFC 9110 §15). A running service shows the same at
\`/status-codes\`, as a page or as JSON.

${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}
`;
}

function nameOf({ status, title, code }: AnswerRow): string {
  return code ? `${status} [${code}](problems.md#${code})` : `${status} ${title}`;
}

function markOf({ code }: AnswerRow): string {
  return code ? `[●](problems.md#${code})` : '[●](../openapi.json)';
}

/** docs/problems.md: what each problem means, what to do about it, which operations give it, and an example. */
export function problemsPage({ problems }: Reference): string {
  return `# Problems

${NOTE}

Every 4xx and 5xx is \`application/problem+json\` (RFC 9457). \`type\` is \`/problems/{code}\`, absolute if PUBLIC_URL is set. A
running service shows the text below there, as a page or as JSON. The answer has no body if the request is a HEAD, or if the
message ended or came in several packets before its method was known.

${problems.map(sectionOf).join('\n')}`;
}

function sectionOf({ problem, operations, isGivenOutside }: ProblemEntry): string {
  const { type, requiredFields: fields } = problem;
  const givers = [...operations.map(operationName), ...(isGivenOutside ? ['outside operations'] : [])];
  return `## ${type.code}

**${type.status} ${type.title}.** ${type.meaning}

- **What to do:** ${type.remedy}
- **Does a retry help?** ${type.retry}
- **Additional members:** ${membersOf(problem)}
- **Additional header fields:** ${fields.length > 0 ? fields.join(', ') : 'none'}
- **Given by:** ${givers.join(', ')}

\`\`\`json
${JSON.stringify(exampleBody(problem, new PublicUrl(undefined)), null, 2)}
\`\`\`
`;
}

function membersOf({ type: { members = {} } }: ProblemConstructor): string {
  const names = Object.entries(members).map(([name, { isOptional }]) => `${name}${isOptional ? ' (optional)' : ''}`);
  return names.length > 0 ? names.join(', ') : 'none';
}

function operationName(operation: Operation): string {
  return `${operation.method} ${documentedPath(operation)}`;
}
