const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { version } = require('typescript/package.json');

const ROOT = path.join(__dirname, '..');
const TSCONFIG = path.join(ROOT, 'tsconfig.json');
const FOLDER = path.join(ROOT, 'node_modules/.cache/transpiled');
const SETTINGS = readFileSync(TSCONFIG, 'utf8');

mkdirSync(FOLDER, { recursive: true });

/** TypeScript as JavaScript, and the file of its source map. Types are not checked. Cached by everything that affects the result. */
function transpiled(file) {
  const text = readFileSync(file, 'utf8');
  const name = createHash('sha256')
    .update(JSON.stringify([version, SETTINGS, file, text]))
    .digest('hex');
  const files = { code: path.join(FOLDER, `${name}.js`), map: path.join(FOLDER, `${name}.js.map`) };
  return { code: read(files.code) ?? transpile(file, text, files), mapFile: files.map };
}

function transpile(file, text, { code, map }) {
  // Only now, since loading the compiler takes longer than most test files.
  const ts = require('typescript');
  const { compilerOptions } = ts.parseConfigFileTextToJson(TSCONFIG, SETTINGS).config;
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, ROOT);
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    compilerOptions: { ...options, module: ts.ModuleKind.ESNext, sourceMap: true },
    fileName: file,
  });
  write(map, JSON.stringify({ ...JSON.parse(sourceMapText), sources: [file] }));
  write(code, outputText);
  return outputText;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

// Several workers may write one file at once. A reader sees the whole file or none.
function write(file, text) {
  const unfinished = `${file}.${process.pid}.${performance.now()}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}

module.exports = { transpiled };
