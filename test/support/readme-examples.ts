import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One example of the README: a command of the shell, and the answer that is documented under it. */
export interface Example {
  command: string;
  shown: PrintedAnswer;
}

/** An answer as `curl -i` prints it. */
export interface PrintedAnswer {
  /** e.g. `HTTP/1.1 200 OK` */
  statusLine: string;
  /** By name in lower case. */
  fields: Record<string, string>;
  /** JSON without insignificant white space; what is not JSON, as it is. */
  body: string;
}

/** Where the README's examples expect the service. */
const DOCUMENTED_URL = 'http://127.0.0.1:3000';

// What differs from run to run is compared by shape only.
const VOLATILE: [shape: RegExp, name: string][] = [
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<UUID>'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<RFC 3339 time>'],
  [/\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\b/g, '<HTTP date>'],
];

/**
 * The examples of a Markdown file, in its order: every block fenced as `console`. Each holds one command after `$ `,
 * which goes on over lines that end with a backslash, and under it the answer.
 * Error: such a block has another form.
 */
export function readExamples(file: URL): Example[] {
  const blocks = readFileSync(file, 'utf8').matchAll(/^```console\n(.*?)^```$/gms);
  return [...blocks].map(([, block = '']) => {
    const [, command, shown] = /^\$ ((?:.*\\\n)*.*)\n(HTTP\/.*)$/s.exec(block) ?? [];
    if (!command?.includes(DOCUMENTED_URL) || !shown) throw new Error(`No command with its answer:\n${block}`);
    return { command, shown: readPrintedAnswer(shown) };
  });
}

/** Runs the command of an example in a shell, against another service than the documented one. Error: it failed. */
export async function runExample({ command }: Pick<Example, 'command'>, serviceUrl: string): Promise<PrintedAnswer> {
  // Without the caller's environment: no proxy and no .curlrc of this machine.
  const env = { PATH: process.env.PATH, HOME: '/' };
  const { stdout } = await run('/bin/sh', ['-c', command.replaceAll(DOCUMENTED_URL, serviceUrl)], { env });
  return readPrintedAnswer(stdout);
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
