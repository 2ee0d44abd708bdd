/* global SwaggerUIBundle, referencesHere, onlyWhatChanged */
// Starts Swagger UI at /docs, in the browser. A file of its own, since the page allows no inline script.

/** Adapts the document to the page. Generators read it unchanged. */
const documentOfThePage = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (update) => (document) => update(withRehearsals(withoutOptionalExamples(fromHere(document)))),
      },
    },
  },
});

// With PUBLIC_URL the server of the document may be on another origin, which the page's policy blocks.
function fromHere(document) {
  return { ...document, servers: [{ url: new URL('.', location.href).href.replace(/\/$/, '') }] };
}

// Swagger UI would fill them in: every tried request would be conditional, and a list would start in the middle.
function withoutOptionalExamples(document) {
  const { parameters = {} } = document.components;
  return {
    ...document,
    components: { ...document.components, parameters: mapValues(parameters, plain) },
    paths: mapOperations(document, (operation) => ({ ...operation, parameters: operation.parameters?.map(plain) })),
  };
}

function plain({ example, ...field }) {
  return !field.required || example === undefined ? field : { ...field, example };
}

// Offers the answers of each operation for rehearsal, if the document names the field for it.
function withRehearsals(document) {
  const field = document['x-rehearsal'];
  if (!field) return document;
  const parameterOf = (operation) => ({
    name: field,
    in: 'header',
    description: 'Asks for one of the answers below. Nothing is carried out.',
    schema: { type: 'string', enum: answersOf(operation) },
  });
  const withField = (operation) => ({
    ...operation,
    parameters: [...(operation.parameters ?? []), parameterOf(operation)],
  });
  return { ...document, paths: mapOperations(document, withField) };
}

// Each problem has an example under its code.
function answersOf({ responses }) {
  const { default: _, ...declared } = responses;
  return Object.entries(declared).flatMap(([status, { content = {} }]) => {
    const problems = Object.keys(content['application/problem+json']?.examples ?? {});
    return problems.length > 0 ? problems.map((code) => `${status}; problem="${code}"`) : [status];
  });
}

function mapOperations({ paths }, change) {
  return mapValues(paths, (path) => mapValues(path, change));
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

/**
 * Swagger UI makes examples for strings with a pattern at random, also for empty fields, where it shows none. That takes a quarter
 * of a second, and what it shows is noise.
 */
const noRandomExamples = () => ({
  afterLoad({ fn }) {
    const { getSampleSchema } = fn;
    fn.getSampleSchema = (schema, ...others) => getSampleSchema(withoutPatterns(schema?.toJS?.() ?? schema), ...others);
  },
});

function withoutPatterns(schema) {
  if (Array.isArray(schema)) return schema.map(withoutPatterns);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([name, value]) => name !== 'pattern' || typeof value !== 'string');
  return Object.fromEntries(
    kept.map(([name, value]) => [name, VALUES.includes(name) ? value : withoutPatterns(value)]),
  );
}

// Keywords of JSON Schema whose values are not schemas.
const VALUES = ['const', 'default', 'enum', 'example', 'examples'];

// How the description of an operation lists what it refuses.
const REFUSED = /^(.*?) (Refused, .*?):\n+(- .*)$/s;

/** Shows what an operation needs first, and folds conditions, other fields and refusals. */
const neededFirst = () => ({
  wrapComponents: {
    parameters: (Parameters, { React }) => {
      const { createElement } = React;
      return (props) => {
        const { operation, parameters } = props;
        const fields = parameters.filter((one) => one.get('in') === 'header');
        const needed = parameters.filter((one) => one.get('in') !== 'header');
        const part = (name, shown, of = operation.delete('requestBody')) =>
          createElement(
            'div',
            { className: `part-${name}` },
            createElement(Parameters, { ...props, parameters: shown, operation: of }),
          );
        const body = operation.get('requestBody');
        return createElement(
          'div',
          null,
          body ? part('body', fields.clear(), operation) : part('needed', needed),
          body && needed.size > 0 ? part('more', needed) : null,
          fields.size > 0 ? folded(React, 'Conditions and other fields', part('more', fields)) : null,
        );
      };
    },
    responses: (Responses, { React }) => {
      const { createElement } = React;
      return (props) => {
        const { responses, oas3Actions } = props;
        const refusals = responses.filter(isRefusal);
        const statuses = refusals.keySeq().join(', ');
        return createElement(
          'div',
          null,
          createElement(Responses, { ...props, responses: responses.filterNot(isRefusal) }),
          refusals.size > 0
            ? folded(
                React,
                `Refusals and faults: ${statuses}`,
                createElement(Responses, {
                  ...props,
                  responses: refusals,
                  tryItOutResponse: null,
                  // A client does not ask for the media type of problems.
                  oas3Actions: { ...oas3Actions, setResponseContentType: () => {} },
                }),
              )
            : null,
        );
      };
    },
    Markdown: (Markdown, { React }) => {
      const { createElement } = React;
      return (props) => {
        const [, before, summary, list] = REFUSED.exec(props.source) ?? [];
        if (list === undefined) return createElement(Markdown, props);
        return createElement(
          'div',
          null,
          createElement(Markdown, { ...props, source: before }),
          folded(React, summary, createElement(Markdown, { ...props, source: list })),
        );
      };
    },
  },
});

function isRefusal(_, status) {
  return status === 'default' || Number(status) >= 400;
}

function folded(React, summary, content) {
  return React.createElement(Folded, { React, summary, content });
}

// Renders its content only while open: the page renders every open operation again at each key press.
function Folded({ React: { createElement, useState }, summary, content }) {
  const [isOpen, setOpen] = useState(false);
  return createElement(
    'details',
    { className: 'folded', onToggle: (event) => setOpen(event.currentTarget.open) },
    createElement('summary', null, summary),
    isOpen ? content : null,
  );
}

SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  // For an answer as large as the OpenAPI document it takes seconds.
  syntaxHighlight: false,
  plugins: [documentOfThePage, referencesHere, noRandomExamples, neededFirst, onlyWhatChanged],
});
