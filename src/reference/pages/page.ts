import { createHash } from 'node:crypto';
import type { Operation } from '../../contract/operation.js';
import type { PublicUrl } from '../../config/public-url.js';
import { Html, markup } from './markup.js';

/** Media type of the pages. */
export const HTML = 'text/html';

const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1c2024; --muted: #555c66; --ground: #fff; --raised: #f3f4f6; --line: #d5d9de; --link: #0b57d0;
  --success: #b9e6c4; --refusal: #b5d8fb; --failure: #ffcac4;
}
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e8eb; --muted: #a9b1bc; --ground: #14171a; --raised: #1f2428; --line: #3a4149; --link: #8ab8ff;
    --success: #1d5230; --refusal: #1d4a78; --failure: #71281f; }
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: var(--ground); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
nav, main { max-width: 75rem; margin: auto; padding: 0 1rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding-block: .75rem; }
nav a, li a { display: inline-block; padding-block: .2rem; }
h1 { margin: 1rem 0 .25rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 1.75rem 0 .25rem; font-size: 1.15rem; }
p, dd { margin: .4rem 0; max-width: 45rem; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.muted { color: var(--muted); }
dt { margin-top: .8rem; font-weight: 600; }
code, pre { font: .9em/1.5 ui-monospace, monospace; }
pre { padding: .8rem; overflow-x: auto; background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; overflow-wrap: normal; }
.scroll { width: fit-content; max-width: 100%; max-height: 80vh; overflow: auto; border: 1px solid var(--line); border-radius: .4rem; }
table { border-collapse: separate; border-spacing: 0; font-size: .85rem; overflow-wrap: normal; }
th, td { border-bottom: 1px solid var(--line); padding: 0 .5rem; background: var(--ground); white-space: nowrap; text-align: left; }
thead th { position: sticky; top: 0; z-index: 1; vertical-align: bottom; background: var(--raised); }
thead th a, thead th span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); padding: .5rem 0; min-width: 1.5rem; }
tbody th { position: sticky; left: 0; font-weight: 400; }
thead td { position: sticky; top: 0; left: 0; z-index: 2; background: var(--raised); }
tbody td { padding: 0; text-align: center; }
tbody th a, tbody td a { display: inline-block; min-width: 1.6rem; line-height: 1.6rem; text-align: center; }
tbody td a { display: block; color: var(--text); text-decoration: none; }
.success { background: var(--success); }
.refusal { background: var(--refusal); }
.failure { background: var(--failure); }
`;

/** The header fields of a page. Links from it to other sites do not name it. */
export function fieldsOfPage(policy = PAGE_POLICY): Record<string, string> {
  return {
    'content-type': `${HTML}; charset=utf-8`,
    'content-security-policy': policy,
    'referrer-policy': 'no-referrer',
  };
}

/** Nothing is loaded and nothing runs. The only style is our own. */
const PAGE_POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A whole page. Its title is also its heading. */
export function page(title: string, content: Html, publicUrl: PublicUrl): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Items</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<nav aria-label="Documentation">
<a href="${publicUrl.of('/problems')}">Problems</a>
<a href="${publicUrl.of('/status-codes')}">Status codes</a>
<a href="${publicUrl.of('/docs')}">API documentation</a>
</nav>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.text;
}

/** Where Swagger UI shows an operation. It shows none of QUERY, which are only in the document. */
export function operationUrl({ tag, id, method }: Operation, publicUrl: PublicUrl): string {
  if (method === 'QUERY') return publicUrl.of('/openapi.json');
  return publicUrl.of(`/docs#/${tag}/${id}`);
}
