import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One example of a page: a shell command, and the answer that the page shows under it. */
interface Example {
  command: string;
  shown: PrintedAnswer;
  /** The strong entity-tag that is shown, without quotes. */
  tag?: string;
}

/** An answer as `curl -i` prints it. */
export interface PrintedAnswer {
  /** e.g. `HTTP/1.1 200 OK` */
  statusLine: string;
  /** By name in lower case. */
  fields: Record<string, string>;
  /** JSON without insignificant white space; other text unchanged. */
  body: string;
}

/** Where the examples expect the service. */
const DOCUMENTED_URL = 'http://127.0.0.1:3000';

// Values that differ from run to run are compared by shape only.
const VOLATILE: [shape: RegExp, name: string][] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<UUID>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<RFC 3339 time>'],
  [/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\b/g, '<HTTP date>'],
  // PostgreSQL has used the first numbers of the feed for writes that were taken back.
  [/("(?:position|latest)": ?)"\d+-[0-9a-f]{8}"/g, '$1"<position>"'],
  [/"(\d+)-[0-9a-f]{8}(\\?)"/g, '"$1-<revision>$2"'],
];

/**
 * The examples of a Markdown page, in order: every block fenced as `console`. Each has one command after `$ `, which may
 * continue after a backslash at the end of a line, and the answer under it. Error: such a block has another form.
 */
export function readExamples(page: string): Example[] {
  const blocks = page.matchAll(/^```console\n(.*?)^```$/gms);
  return [...blocks].map(([, block = '']) => {
    const [, command, shown] = /^\$ ((?:.*\\\n)*.*)\n(HTTP\/.*)$/s.exec(block) ?? [];
    if (!command?.includes(DOCUMENTED_URL) || !shown) throw new Error(`No command with its answer:\n${block}`);
    return { command, shown: readPrintedAnswer(shown), tag: tagIn(shown) };
  });
}

/** The entity-tag of an item in a printed answer, without quotes. */
export function tagIn(printed: string): string | undefined {
  return /\betag: "(\d+-[0-9a-f]{8})"/i.exec(printed)?.[1];
}

/**
 * Runs the commands of examples in order, against another service than the documented one. Those up to the next that needs an
 * entity-tag of an answer share a shell. Documented entity-tags are replaced in commands by those that the service gave. `variables` are
 * those of the shell.
 * Error: a command failed, or a tag differs from that of an earlier example.
 */
export async function runExamples(
  examples: Pick<Example, 'command' | 'tag'>[],
  serviceUrl: string,
  variables: Record<string, string> = {},
): Promise<PrintedAnswer[]> {
  // Without the environment of this machine: no proxy and no .curlrc.
  const env = { PATH: process.env.PATH, HOME: '/', ...variables };
  const answers: PrintedAnswer[] = [];
  const tags = new Map<string, string>();
  while (answers.length < examples.length) {
    const next = withoutUnknownTags(examples.slice(answers.length), tags);
    const typed = next.map(({ command }) => {
      const here = command.replaceAll(DOCUMENTED_URL, serviceUrl);
      return [...tags].reduce((text, [documented, given]) => text.replaceAll(documented, given), here);
    });
    const { stdout } = await run('/bin/sh', ['-e', '-c', typed.join(`\nprintf '\\0'\n`)], { env });
    const printed = stdout.split('\0');
    if (printed.length !== next.length) throw new Error(`${next.length} commands printed ${printed.length} answers`);
    for (const [n, text] of printed.entries()) {
      noteTag(tags, next[n]?.tag, tagIn(text));
      answers.push(readPrintedAnswer(text));
    }
  }
  return answers;
}

/** The first examples, up to one whose command has a tag that one of them shows for the first time. */
function withoutUnknownTags<T extends Pick<Example, 'command' | 'tag'>>(
  examples: T[],
  known: Map<string, string>,
): T[] {
  const unknown = new Set<string>();
  const end = examples.findIndex(({ command, tag }) => {
    if ([...unknown].some((one) => command.includes(one))) return true;
    if (tag !== undefined && !known.has(tag)) unknown.add(tag);
    return false;
  });
  return end < 0 ? examples : examples.slice(0, end);
}

function noteTag(tags: Map<string, string>, documented?: string, given?: string): void {
  if (documented === undefined || given === undefined) return;
  if ((tags.get(documented) ?? given) !== given) throw new Error(`"${given}" is shown for ${documented}`);
  tags.set(documented, given);
}

function readPrintedAnswer(text: string): PrintedAnswer {
  const masked = VOLATILE.reduce((rest, [shape, name]) => rest.replaceAll(shape, name), text.replaceAll('\r\n', '\n'));
  // RFC 9110 §15.2: any number of interim answers may come before the final one.
  const final = masked.replace(/^(?:HTTP\/1\.1 1\d\d .*\n(?:.+\n)*\n)+/, '');
  const [head = '', ...body] = final.split('\n\n');
  const [statusLine = '', ...fields] = head.trimEnd().split('\n');
  return { statusLine, fields: Object.fromEntries(fields.map(nameAndValue)), body: compact(body.join('\n\n').trim()) };
}

function nameAndValue(line: string): [name: string, value: string] {
  const [name = '', ...value] = line.split(':');
  return [name.toLowerCase(), value.join(':').trim()];
}

function compact(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return body;
  }
}
