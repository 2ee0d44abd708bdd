import { problemBody } from '../problems/problem-body.js';
import type { ProblemConstructor } from '../problems/problem.js';
import { PublicUrl } from '../public-url.js';
import { problemsOf, successesOf, type Declaration, type Operation } from './operation.js';
import { outside } from './outside.contract.js';

const NOTE = '<!-- Written by `npm run docs` from the declarations. -->';

/** docs/status-codes.md: operations against statuses, with the problems of each cell. */
export function statusCodesPage(operations: Operation[]): string {
  const rows = [...operations, outside].map((declaration) =>
    [
      nameOf(declaration),
      successesOf(declaration)
        .map(([status]) => status)
        .join(', '),
      problemCells(declaration),
    ].join(' | '),
  );
  return `# Status codes

${NOTE}

Every status that the service can answer, operation by operation. A code stands for the problem of that name in
[problems.md](problems.md). HEAD answers like GET, without content. A status that is not listed comes from a proxy on the
way; read an unknown code as the x00 of its class (RFC 9110 §15).

| operation | success | problems |
| --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}

/** docs/problems.md: what each problem is, who answers it, and an example. */
export function problemsPage(operations: Operation[]): string {
  const declarations = [...operations, outside];
  const all = [...new Set(declarations.flatMap(problemsOf))];
  const sections = all.sort(byStatusAndCode).map((problem) => {
    const { type, requiredHeaders, example } = problem;
    const givers = declarations.filter((declaration) => problemsOf(declaration).includes(problem)).map(nameOf);
    const body = problemBody(example(), type.status, '6f1c2a34-5b7d-4e8f-9a0b-1c2d3e4f5a6b', new PublicUrl(undefined));
    return `## ${type.code}

**${type.status} ${type.title}.** ${retryOf(problem)}${fieldsOf(requiredHeaders)}

Given by: ${givers.join(', ')}.

\`\`\`json
${JSON.stringify(body, null, 2)}
\`\`\`
`;
  });
  return `# Problems

${NOTE}

Every 4xx and 5xx is \`application/problem+json\` (RFC 9457). \`type\` is \`/problems/{code}\`, absolute under PUBLIC_URL.

${sections.join('\n')}`;
}

function retryOf({ type }: ProblemConstructor): string {
  return type.retryable ? 'The same request may succeed later.' : 'The same request will fail again.';
}

function fieldsOf(names: string[]): string {
  return names.length > 0 ? ` Carries ${names.join(', ')}.` : '';
}

function nameOf(declaration: Declaration): string {
  return 'method' in declaration
    ? `${(declaration as Operation).method} ${(declaration as Operation).path.replaceAll(/:(\w+)/g, '{$1}')}`
    : 'outside of operations';
}

function problemCells(declaration: Declaration): string {
  return problemsOf(declaration)
    .map(({ type }) => `${type.status} [${type.code}](problems.md#${type.code})`)
    .join('<br>');
}

function byStatusAndCode(a: ProblemConstructor, b: ProblemConstructor): number {
  return a.type.status - b.type.status || a.type.code.localeCompare(b.type.code);
}
