/*
 * The rooms of the house (docs/architecture.md) as rules. Imports of types count too, as a room that knows another's
 * types knows the room.
 */

/** What may be imported from inside a folder of src; besides it only packages and the clock. */
const room = (folder, mayImport) => ({
  name: `room-${folder}`,
  comment: `src/${folder} imports nothing of src but ${['itself', ...mayImport].join(', ')}, and the clock.`,
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: [folder, ...mayImport].map((name) => `^src/${name}/`).concat('^src/clock\\.ts$') },
});

module.exports = {
  forbidden: [
    room('config', []),
    room('telemetry', ['config']),
    room('http', []),
    room('database', ['config']),
    room('service', ['http', 'database', 'config']),
    room('idempotency', ['http', 'database']),
    room('items', ['http', 'database', 'config', 'idempotency']),
    {
      name: 'every-folder-is-a-room',
      comment: 'A new folder of src gets its line above.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/((config|telemetry|http|database|service|idempotency|items|bin)/|[^/]+$)' },
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
      comment: 'Nothing that is delivered imports tests or benchmarks.',
      severity: 'error',
      from: { path: '^(src/|ormconfig)', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'tests-import-src-and-tests',
      severity: 'error',
      from: { path: '^(test|bench)/' },
      to: { pathNot: ['^(src|test|bench)/', 'node_modules/'], dependencyTypesNot: ['core'] },
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
      comment: 'Two files may name each other’s types.',
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
