/* global SwaggerUIBundle */
// Starts Swagger UI at /docs, in the browser: a file of its own, since the page allows no inline script.

/** What the page shows of the document that generators read. */
const documentOfThePage = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (update) => (document) => update(withRehearsals(fromHere(document))),
      },
    },
  },
});

// Under PUBLIC_URL the server of the document may be of another origin, which the page's policy keeps it from.
function fromHere(document) {
  return { ...document, servers: [{ url: new URL('.', location.href).href.replace(/\/$/, '') }] };
}

// Each operation offers its answers for rehearsal, if the document names a field for that.
function withRehearsals(document) {
  const field = document['x-rehearsal'];
  if (!field) return document;
  const parameterOf = (operation) => ({
    name: field,
    in: 'header',
    description: 'Asks for one of the answers below instead of the operation: nothing is carried out.',
    schema: { type: 'string', enum: answersOf(operation) },
  });
  return {
    ...document,
    paths: mapValues(document.paths, (path) =>
      mapValues(path, (operation) => ({
        ...operation,
        parameters: [...(operation.parameters ?? []), parameterOf(operation)],
      })),
    ),
  };
}

// Each problem has an example under its code.
function answersOf({ responses }) {
  const { default: _, ...declared } = responses;
  return Object.entries(declared).flatMap(([status, { content = {} }]) => {
    const problems = Object.keys(content['application/problem+json']?.examples ?? {});
    return problems.length > 0 ? problems.map((code) => `${status}; problem="${code}"`) : [status];
  });
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  plugins: [documentOfThePage],
});
