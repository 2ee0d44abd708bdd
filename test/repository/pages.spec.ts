import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const DECISIONS = 'docs/decisions';
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pagesIn('docs'), ...pagesIn(DECISIONS)];

function pagesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

/** The text of a page without its code blocks, which contain no links and no headings. */
function proseOf(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(/^```.*?^```$/gms, '');
}

/** The targets of a page's links and pictures, without other sites. */
function relativeTargetsOf(page: string): string[] {
  const prose = proseOf(page).replaceAll(/`[^`\n]*`/g, '`');
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/^\[[^\]]+\]: (\S+)$/gm)];
  return links.map(([, target = '']) => target).filter((target) => !/^https?:/.test(target));
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): string[] {
  const headings = [...proseOf(page).matchAll(/^#{1,6} (.*)$/gm)];
  return headings.map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the pages', () => {
  it.each(PAGES)('each link in %s leads to a file and a heading', (page) => {
    const dead = relativeTargetsOf(page).filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      return !existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor));
    });
    expect(dead).toEqual([]);
  });

  it.each(PAGES)('each file that %s names exists', (page) => {
    const named = [...proseOf(page).matchAll(/`((?:src|test|bench|clients|deploy|docs|install|scripts)\/[\w./-]+)`/g)];
    expect(named.map(([, file = '']) => file).filter((file) => !existsSync(file))).toEqual([]);
  });

  it('README.md has fewer than 200 lines', () => {
    expect(readFileSync('README.md', 'utf8').split('\n').length).toBeLessThan(200);
  });

  it('docs/README.md links to each page of its folder', () => {
    const others = pagesIn('docs').filter((page) => page !== 'docs/README.md');
    const linked = relativeTargetsOf('docs/README.md').map((target) => join('docs', target));
    expect(linked).toEqual(expect.arrayContaining(others));
  });
});

describe('the decisions', () => {
  const pages = pagesIn(DECISIONS)
    .filter((page) => !page.endsWith('/README.md'))
    .sort();
  const rows = new Map(
    [...proseOf(`${DECISIONS}/README.md`).matchAll(/^\| \[\d{4}\]\((\S+)\) +\| (.*?) +\| (.*?) *\|$/gm)].map(
      ([, file = '', title = '', state = '']) => [`${DECISIONS}/${file}`, { title, state }],
    ),
  );

  it('are numbered without gaps', () => {
    const numbers = pages.map((page) => Number(/(\d{4})-/.exec(page)?.[1]));
    expect(numbers).toEqual(pages.map((_, index) => index + 1));
  });

  it('are in the table in their order', () => {
    expect([...rows.keys()]).toEqual(pages);
  });

  it.each(pages)('%s has its number and the title of its row, and names what superseded it', (page) => {
    const { title, state } = rows.get(page) ?? {};
    const [heading, , note = ''] = proseOf(page).split('\n');
    expect(heading).toBe(`# ${Number(/(\d{4})-/.exec(page)?.[1])}. ${title}`);
    const later = (text = '') => [...text.matchAll(/\]\((\d{4}-[^)]+)\)/g)].map(([, file]) => file);
    const notes = note.startsWith('> ') ? /^(?:> .*\n)+/m.exec(proseOf(page))?.[0] : '';
    expect(later(notes)).toEqual(later(state));
  });
});
