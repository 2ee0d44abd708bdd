/*
 * The areas of docs/architecture.md as rules. Imports of types count too: an area that knows another's types knows that
 * area.
 */

/*
 * Each area, and the areas that it may import. An area imports only areas above it in this list, so there is no loop. The name
 * of an area does not include the areas inside it: http is src/http/*.ts alone.
 */
const AREAS = {
  'config/settings': [],
  config: ['config/settings'],
  telemetry: ['config/*'],
  problems: ['config/*'],
  contract: ['config/*', 'telemetry', 'problems'],
  'contract/openapi': ['config/*', 'problems', 'contract'],
  'http/fields': ['problems', 'contract', 'contract/openapi'],
  'http/wire': ['problems', 'http/fields'],
  'http/fields/conditions': ['problems', 'contract', 'http/wire'],
  'http/parser': ['config/*', 'problems', 'contract', 'http/fields', 'http/wire'],
  'http/routes': ['contract'],
  'http/body': ['problems', 'contract', 'contract/openapi', 'http/fields'],
  'http/body/json': ['problems', 'contract', 'contract/openapi'],
  'http/body/validation': ['problems', 'http/body/json'],
  'http/body/patch': ['problems', 'contract', 'http/body/json', 'http/body/validation'],
  'http/head/content': ['problems', 'contract', 'contract/openapi', 'http/wire', 'http/body'],
  'http/head': [
    'problems',
    'contract',
    'contract/openapi',
    'http/fields',
    'http/wire',
    'http/routes',
    'http/body',
    'http/body/validation',
  ],
  'http/browsers': ['config/*', 'problems', 'contract', 'http/fields', 'http/wire', 'http/head'],
  'http/load': ['config/*', 'telemetry', 'problems', 'contract', 'http/wire', 'http/head'],
  'http/rehearsal': [
    'config/*',
    'problems',
    'contract',
    'contract/openapi',
    'http/wire',
    'http/head',
    'http/head/content',
  ],
  http: ['config/*', 'telemetry', 'problems', 'contract', 'contract/openapi', 'http/*'],
  'database/migrations': [],
  'database/faults': ['database/migrations'],
  'database/sqlite': ['config/*', 'database/faults'],
  'database/postgres': ['config/*', 'database/faults'],
  database: ['config/*', 'database/*'],
  storage: ['problems', 'database/*', 'http/*'],
  'rate-limits': ['config/*', 'problems', 'contract', 'contract/openapi', 'http/*'],
  'access/keys': ['config/*', 'telemetry', 'problems', 'contract', 'http/*', 'database/*', 'storage'],
  'access/keys/command': ['config/*', 'telemetry', 'contract', 'database/*', 'access/keys'],
  'access/tokens': ['config/*', 'telemetry', 'problems', 'contract', 'http/*'],
  access: [
    'config/*',
    'telemetry',
    'problems',
    'contract',
    'contract/openapi',
    'http/*',
    'rate-limits',
    'access/keys',
    'access/tokens',
  ],
  idempotency: ['problems', 'contract', 'http/*', 'access'],
  'items/filter': [],
  'items/search': ['problems'],
  'items/store': ['config/*', 'contract', 'database/*', 'idempotency', 'items/filter', 'items/search'],
  'items/store/filter': ['config/*', 'items/filter', 'items/search', 'items/store'],
  'items/store/list': ['config/*', 'database/*', 'items/filter', 'items/store', 'items/store/filter'],
  'items/store/history': ['config/*', 'database/*', 'items/store'],
  'items/dto': [
    'contract',
    'contract/openapi',
    'http/*',
    'items/filter',
    'items/search',
    'items/store',
    'items/store/list',
    'items/store/history',
  ],
  'items/contract': [
    'problems',
    'contract',
    'contract/openapi',
    'http/*',
    'storage',
    'access',
    'rate-limits',
    'idempotency',
    'items/filter',
    'items/search',
    'items/store',
    'items/store/list',
    'items/store/history',
    'items/dto',
  ],
  items: [
    'config/*',
    'telemetry',
    'problems',
    'contract',
    'contract/openapi',
    'http/*',
    'database/*',
    'storage',
    'access',
    'rate-limits',
    'idempotency',
    'items/filter',
    'items/search',
    'items/store',
    'items/store/list',
    'items/store/history',
    'items/dto',
    'items/contract',
  ],
  health: ['contract', 'contract/openapi', 'http/*', 'database/*', 'storage', 'access', 'rate-limits', 'items/search'],
  'reference/pages': ['config/*', 'problems', 'contract'],
  reference: [
    'config/*',
    'problems',
    'contract',
    'contract/openapi',
    'http/*',
    'access',
    'rate-limits',
    'reference/pages',
  ],
};

const names = Object.keys(AREAS);
for (const [at, name] of names.entries()) {
  const later = AREAS[name].find(
    (other) => !names.slice(0, at).some((one) => `${one}/`.startsWith(other.replace('*', ''))),
  );
  if (later) throw new Error(`${name} may not import ${later}, which is not above it`);
}

const filesOf = (name) => (name.endsWith('/*') ? `^src/${name.slice(0, -1)}` : `^src/${name}/[^/]+$`);

const areas = Object.entries(AREAS).map(([name, mayImport]) => ({
  name: `area-${name.replaceAll('/', '-')}`,
  comment: `Within src, src/${name} imports only ${['itself', ...mayImport].join(', ')}.`,
  severity: 'error',
  from: { path: filesOf(name), pathNot: '\\.spec\\.ts$' },
  to: { path: '^src/', pathNot: [name, ...mayImport].map(filesOf) },
}));

module.exports = {
  forbidden: [
    ...areas,
    {
      name: 'every-folder-is-an-area',
      comment: 'A new folder of src needs a line in AREAS.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/[^/]+$', '^src/bin/', ...Object.keys(AREAS).map(filesOf)] },
      to: {},
    },
    {
      name: 'entry-points-are-not-imported',
      severity: 'error',
      from: {},
      to: { path: '^(src/main|src/bin/[^/]+|ormconfig)\\.ts$' },
    },
    {
      name: 'src-stands-alone',
      comment: 'Delivered code imports no tests and no benchmarks.',
      severity: 'error',
      from: { path: '^(src/|ormconfig)', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'tests-import-src-and-tests',
      severity: 'error',
      from: { path: '^(test|bench)/' },
      to: {
        pathNot: ['^(src|test|bench)/', '^scripts/transpile\\.cjs$', '^jest\\.config\\.js$', 'node_modules/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'no-development-packages',
      comment: 'The service runs with what `npm ci --omit=dev` installs.',
      severity: 'error',
      from: { path: '^(src/|ormconfig)', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-cycles',
      comment: 'Two files may import each other’s types.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
