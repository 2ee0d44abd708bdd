import { STATUS_CODES } from 'node:http';
import { documentedPath, type Operation } from '../../contract/operation.js';
import type { ProblemEntry } from '../../contract/reference.js';
import { exampleBody } from '../../problems/problem-body.js';
import type { PublicUrl } from '../../config/public-url.js';
import { markup, type Html } from './markup.js';
import { operationUrl, page } from './page.js';

/** The page at /problems: every problem type by its status. */
export function problemListPage(problems: ProblemEntry[], publicUrl: PublicUrl): string {
  const statuses = [...new Set(problems.map(({ problem }) => problem.type.status))];
  const sections = statuses.map((status) => {
    const here = problems.flatMap(({ problem: { type } }) => (type.status === status ? [type] : []));
    return markup`<h2 id="${status}">${status} ${STATUS_CODES[status] ?? ''}</h2>
<dl>${here.map(
      ({ code, meaning }) => markup`
<dt><a href="${publicUrl.of(`/problems/${code}`)}">${code}</a></dt>
<dd>${meaning}</dd>`,
    )}
</dl>`;
  });
  return page(
    'Problems',
    markup`<p>Every refusal and failure of the service, by status code. The <code>code</code> of an answer names its
problem, and <code>type</code> links to its page.</p>
${sections}`,
    publicUrl,
  );
}

/** The page at /problems/{code}. */
export function problemPage(entry: ProblemEntry, publicUrl: PublicUrl): string {
  const { type, requiredFields: fields } = entry.problem;
  return page(
    type.title,
    markup`<p class="muted">${type.status} ${STATUS_CODES[type.status] ?? ''}, <code>${type.code}</code></p>
<h2>What it means</h2>
<p>${type.meaning}</p>
<h2>What to do</h2>
<p>${type.remedy}</p>
<h2>Does a retry help?</h2>
<p>${type.retry}</p>
${membersOf(entry)}<h2>Given by</h2>
${giversOf(entry, publicUrl)}
<h2>Example</h2>
${fields.length > 0 ? markup`<p>With the header field ${fields.map((name) => markup`<code>${name}</code> `)}and this body:</p>` : ''}
<pre tabindex="0" role="region" aria-label="Example"><code>${JSON.stringify(exampleBody(entry.problem, publicUrl), null, 2)}</code></pre>`,
    publicUrl,
  );
}

function membersOf({ problem: { type } }: ProblemEntry): Html {
  const members = Object.entries(type.members ?? {});
  if (members.length === 0) return markup``;
  return markup`<h2>Additional members</h2>
<dl>${members.map(
    ([name, { description, isOptional }]) => markup`
<dt><code>${name}</code>${isOptional ? ' (optional)' : ''}</dt>
<dd>${description}.</dd>`,
  )}
</dl>
`;
}

function giversOf({ operations, isGivenOutside }: ProblemEntry, publicUrl: PublicUrl): Html {
  const link = (operation: Operation) =>
    markup`<li><a href="${operationUrl(operation, publicUrl)}">${operation.method} ${documentedPath(operation)}</a>: ${operation.summary}</li>
`;
  return markup`<ul>
${operations.map(link)}${isGivenOutside ? markup`<li>The server, outside operations: see <a href="${publicUrl.of('/status-codes')}">status codes</a></li>` : ''}
</ul>`;
}
