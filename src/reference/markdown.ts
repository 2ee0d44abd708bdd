import type { ProblemConstructor } from '../problems/problem.js';
import { exampleBody } from '../problems/problem-body.js';
import { PublicUrl } from '../config/public-url.js';
import { documentedPath, type Operation } from '../contract/operation.js';
import type { AnswerRow, ProblemEntry, Reference } from '../contract/reference.js';

const NOTE = '<!-- Written by `npm run docs` from the declarations. -->';

/** docs/status-codes.md: statuses and problems against operations. */
export function statusCodesPage({ operations, declarations, answers }: Reference): string {
  const columns = [...operations.map((one) => `${one.method}<br>${documentedPath(one)}`), 'outside of<br>operations'];
  const rows = answers.map((row) => [
    nameOf(row),
    ...declarations.map((declaration) => (row.givers.has(declaration) ? markOf(row) : '')),
  ]);
  const lines = [['answer', ...columns], ['---', ...columns.map(() => ':-:')], ...rows];
  return `# Status codes

${NOTE}

Every answer that the service can give, against its operations. A problem leads to [problems.md](problems.md), a success
to the schemas in [openapi.json](../openapi.json). HEAD answers like GET, without content. A status that is not listed
comes from a proxy on the way; read an unknown code as the x00 of its class (RFC 9110 §15). A running service shows the
same at \`/status-codes\`, to programs as JSON.

${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}
`;
}

function nameOf({ status, title, code }: AnswerRow): string {
  return code ? `${status} [${code}](problems.md#${code})` : `${status} ${title}`;
}

function markOf({ code }: AnswerRow): string {
  return code ? `[●](problems.md#${code})` : '[●](../openapi.json)';
}

/** docs/problems.md: what each problem means, what to do about it, who gives it, and an example. */
export function problemsPage({ problems }: Reference): string {
  return `# Problems

${NOTE}

Every 4xx and 5xx is \`application/problem+json\` (RFC 9457). \`type\` is \`/problems/{code}\`, absolute under PUBLIC_URL; a
running service answers there with what stands here, to programs as JSON. HEAD gets no content, and neither does what broke
off or came in pieces before its method was known.

${problems.map(sectionOf).join('\n')}`;
}

function sectionOf({ problem, operations, isGivenOutside }: ProblemEntry): string {
  const { type, requiredFields: fields } = problem;
  const givers = [...operations.map(operationName), ...(isGivenOutside ? ['outside of operations'] : [])];
  return `## ${type.code}

**${type.status} ${type.title}.** ${type.meaning}

- **What to do:** ${type.remedy}
- **Does a retry help?** ${type.retry}
- **Members of its own:** ${membersOf(problem)}
- **Header fields:** ${fields.length > 0 ? fields.join(', ') : 'none of its own'}
- **Given by:** ${givers.join(', ')}

\`\`\`json
${JSON.stringify(exampleBody(problem, new PublicUrl(undefined)), null, 2)}
\`\`\`
`;
}

function membersOf({ type: { members = {} } }: ProblemConstructor): string {
  const names = Object.entries(members).map(([name, { isOptional }]) => `${name}${isOptional ? ' (at times)' : ''}`);
  return names.length > 0 ? names.join(', ') : 'none';
}

function operationName(operation: Operation): string {
  return `${operation.method} ${documentedPath(operation)}`;
}
