import { documentedPath, isOperation, type Declaration } from '../../contract/operation.js';
import type { AnswerRow, Reference } from '../../contract/reference.js';
import type { PublicUrl } from '../../config/public-url.js';
import { markup, type Html } from './markup.js';
import { operationUrl, page } from './page.js';

/** In a cell whose operation can answer so. */
const DOT = '●';

/** The page at /status-codes: every answer of every operation. */
export function statusCodesPage({ declarations, answers }: Reference, publicUrl: PublicUrl): string {
  return page(
    'Status codes',
    markup`<p>Every answer that each operation can give. A mark leads to the problem, or for a success to
the operation with its schema. HEAD answers like GET, without a body. A status that is not listed comes from a proxy on
the way; read an unknown code as the x00 of its class.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Answers by operation">
<table>
<thead><tr><td></td>
${declarations.map((declaration) => headOf(declaration, publicUrl))}</tr></thead>
<tbody>
${answers.map((row) => rowOf(row, declarations, publicUrl))}</tbody>
</table>
</div>`,
    publicUrl,
  );
}

function headOf(declaration: Declaration, publicUrl: PublicUrl): Html {
  const name = nameOf(declaration);
  if (!isOperation(declaration)) return markup`<th scope="col"><span>${name}</span></th>`;
  return markup`<th scope="col"><a href="${operationUrl(declaration, publicUrl)}">${name}</a></th>
`;
}

function rowOf(row: AnswerRow, declarations: Declaration[], publicUrl: PublicUrl): Html {
  const { status, title, code, givers } = row;
  const problemUrl = code && publicUrl.of(`/problems/${code}`);
  const head = problemUrl ? markup`${status} <a href="${problemUrl}">${code}</a>` : markup`${status} ${title}`;
  const cells = declarations.map((declaration) => {
    if (!givers.has(declaration)) return markup`<td></td>`;
    const url = problemUrl ?? (isOperation(declaration) ? operationUrl(declaration, publicUrl) : publicUrl.of('/docs'));
    const label = `${nameOf(declaration)}: ${status} ${code ?? title}`;
    return markup`<td><a class="${classOf(status)}" href="${url}" aria-label="${label}">${DOT}</a></td>`;
  });
  return markup`<tr><th scope="row">${head}</th>${cells}</tr>
`;
}

function classOf(status: number): string {
  if (status < 400) return 'success';
  return status < 500 ? 'refusal' : 'failure';
}

function nameOf(declaration: Declaration): string {
  return isOperation(declaration) ? `${declaration.method} ${documentedPath(declaration)}` : 'outside operations';
}
