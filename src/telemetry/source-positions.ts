import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The bundle, when this module is part of it. */
const BUNDLE = fileURLToPath(import.meta.url);

let map: SourceMap | undefined;

/**
 * Replaces positions in the bundle by positions in the source, except those in packages. Node's `--enable-source-maps` reads
 * the bundle again at each start; this reads the source map when the first error is logged. While the map can't be read, as without
 * free file descriptors, positions stay as they are.
 */
export function inSource(stack: string): string {
  return stack.replace(/(\/[^()\n]+?):(\d+):(\d+)/g, (position, file: string, line: string, column: string) => {
    if (file !== BUNDLE) return position;
    const origin = sourceMap()?.findOrigin(Number(line), Number(column));
    if (!origin || !('fileName' in origin)) return position;
    return `${new URL(origin.fileName, pathToFileURL(BUNDLE)).href}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}

function sourceMap(): SourceMap | undefined {
  try {
    map ??= new SourceMap(JSON.parse(readFileSync(`${BUNDLE}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    // An error that is being logged must not cause another one.
  }
  return map;
}
