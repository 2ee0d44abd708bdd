// Builds what Node runs, in dist/: the service, the command `keys`, and ormconfig.js for the TypeORM CLI. Types are not checked.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { build } from 'esbuild';
import transpile from './transpile.cjs';

/** Packages with a binary, which Node loads from the package. */
const NATIVE = ['sqlite3'];

/** Optional imports of packages, which the service does not use. */
const OPTIONAL = [
  '@fastify/multipart',
  '@fastify/static',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'class-transformer/storage',
  'file-type',
];

// Most packages are CommonJS modules, which expect these. For the commands, which are ES modules.
const COMMONJS = `import { createRequire as requireFor } from 'node:module';
const require = requireFor(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

// ES modules in CommonJS need their URL, and are strict.
const MODULE = `'use strict';const __url = require('node:url').pathToFileURL(__filename).href;`;

/** Names a class; see nameClassesAlone. */
const NAMER = `function __Name(target, value) { Object.defineProperty(target, 'name', { value, configurable: true }); }`;

/** Decorators need the types of parameters, which TypeScript writes and esbuild does not. */
const typescript = {
  name: 'typescript',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const { code, mapFile } = transpile.transpiled(path);
      const map = (await readFile(mapFile)).toString('base64');
      return { contents: code.replace(/(?<=\n\/\/# sourceMappingURL=).*$/, `data:application/json;base64,${map}`) };
    }),
};

/** What packages do when they are loaded that costs more than it gives: [files, text, what to put in its place]. */
const REPLACED = [
  // A `require` that esbuild does not see: TypeORM, class-validator and class-transformer would be loaded twice.
  [/@nestjs\/typeorm\/.*\/typeorm-compat\.js$/, 'const require = createRequire(import.meta.url);', ''],
  [/@nestjs\/mapped-types\/.*\/type-helpers\.utils\.js$/, 'const require = createRequire(import.meta.url);', ''],
  // Makes a Response to find out where it runs, for which Node loads its HTTP client.
  [/\/pg\/lib\/stream\.js$/, 'if (isCloudflareRuntime())', 'if (false)'],
];

/** Their regular expressions and comments have other characters than ASCII, and esbuild leaves them there. */
const WITHOUT_ASCII = /\/node_modules\/(?:validator|class-validator|ansis|light-my-request)\/.*\.c?js$/;

const replaced = {
  name: 'replaced',
  setup: ({ onLoad }) => {
    onLoad({ filter: WITHOUT_ASCII }, async ({ path }) => ({ contents: inAscii(await readFile(path, 'utf8')) }));
    REPLACED.forEach(([filter, before, after]) =>
      onLoad({ filter }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        if (!text.includes(before)) throw new Error(`${path} is no longer as expected: ${before}`);
        return { contents: text.replace(before, after) };
      }),
    );
  },
};

function inAscii(text) {
  return text.replaceAll(/[\x80-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Parts of packages that are loaded with them and that the service never uses: drivers of other databases, and metadata of telephone
 * numbers.
 */
const UNUSED = [
  /\/typeorm\/driver\/(?:aurora-mysql|aurora-postgres|better-sqlite3|capacitor|cockroachdb|cordova|expo|mongodb|mysql|nativescript|oracle|react-native|sap|spanner|sqljs|sqlserver)\/.*(?:Driver|QueryRunner)\.js$/,
  /\/libphonenumber-js\/.*\.c?js$/,
];

const withoutUnused = {
  name: 'without-unused',
  setup: ({ onLoad }) => UNUSED.forEach((filter) => onLoad({ filter }, () => ({ contents: 'module.exports = {};' }))),
};

/** Loaded only where traces are sent, so it is a file of its own. */
const TRACING = { in: 'src/telemetry/opentelemetry/start-tracing.ts', out: 'src/tracing' };

const tracingApart = {
  name: 'tracing-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/opentelemetry\/start-tracing\.js$/ }, () => ({ path: './tracing.cjs', external: true })),
};

const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // Nest identifies classes by name, and two packages may have classes of the same name.
  keepNames: true,
  sourcemap: true,
  // Saves 5 MB of memory. Lines stay short enough to find a position in a package.
  minifyWhitespace: true,
  lineLimit: 120,
  sourcesContent: false,
  outdir: 'dist',
  outbase: '.',
  logLevel: 'warning',
  plugins: [typescript, replaced, withoutUnused],
};

/** CommonJS, for V8's kept code. It has no import(). */
const commonJs = {
  ...shared,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__url' },
};

/** Throws esbuild's error, after esbuild has printed where it is. */
export async function bundle() {
  await rm('dist', { recursive: true, force: true });
  await Promise.all([
    // A file of its own, so that signals are handled before the rest is loaded.
    build({ ...shared, entryPoints: ['src/main.ts'], packages: 'external', external: ['./serve.js'] }),
    build({ ...shared, entryPoints: [{ in: 'src/serve-compiled.ts', out: 'src/serve' }], packages: 'external' }),
    build({
      ...commonJs,
      entryPoints: ['src/serve.ts'],
      external: [...NATIVE, ...OPTIONAL],
      banner: { js: `${MODULE}\n${NAMER}` },
      plugins: [...shared.plugins, tracingApart],
    }),
    build({ ...commonJs, entryPoints: [TRACING], keepNames: false, banner: { js: MODULE } }),
    // The commands. They say what is wrong in one line, so nobody reads their positions.
    build({
      ...shared,
      entryPoints: ['keys', 'indexes', 'check', 'backup', 'restore', 'move'].map((name) => `src/bin/${name}.ts`),
      external: [...NATIVE, ...OPTIONAL],
      banner: { js: COMMONJS },
      sourcemap: false,
    }),
    // The CLI has a TypeORM of its own.
    build({ ...shared, entryPoints: ['ormconfig.ts'], packages: 'external' }),
    cp('src/reference/swagger-ui', 'dist/src/swagger-ui', { recursive: true }),
  ]);
  await nameClassesAlone('dist/src/serve.cjs');
  await keepOwnPositions('dist/src/serve.cjs.map');
}

// esbuild sets the name of every function each time it is made, closures too, which costs a request a fifth of its time. Only
// the names of classes are needed. The text keeps its length, so the source map stays right.
async function nameClassesAlone(file) {
  const text = await readFile(file, 'utf8');
  // compiled-code.ts reads it as Latin-1. One other character would also make it twice as large in memory.
  if (Buffer.byteLength(text) !== text.length) throw new Error(`${file} has other characters than ASCII`);
  const setter = /(?<=var __name=\(target,value\)=>)__defProp\(target,"name",\{value,configurable:(?:true|!0)\}\)/;
  if (!setter.test(text)) throw new Error('esbuild no longer sets names as expected');
  const named = text.replace(setter, (call) => 'target'.padEnd(call.length)).replaceAll('__name(this,', '__Name(this,');
  await writeFile(file, named);
}

// With the positions of all packages the map is 4 times as large, and reading it would block the service. The start of a
// package's code stays marked, by a position without a source. Otherwise that code would count as our code before it.
async function keepOwnPositions(file) {
  const map = JSON.parse(await readFile(file, 'utf8'));
  const isOwn = map.sources.map((source) => !source.includes('/node_modules/'));
  let wasOwn = true;
  const kept = ([column, source, ...rest]) => {
    const marked = isOwn[source] ? [[column, source, ...rest]] : wasOwn ? [[column]] : [];
    wasOwn = isOwn[source];
    return marked;
  };
  const lines = decode(map.mappings).map((line) => line.flatMap(kept));
  await writeFile(file, JSON.stringify({ ...map, mappings: encode(lines) }));
}
