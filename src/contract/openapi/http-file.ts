import type { OpenAPIObject, OperationObject, RequestBodyObject } from '@nestjs/swagger';

const HEAD = `# Written by \`npm run docs\` from the OpenAPI document. A request of every operation and media type; in this order all succeed on
# a new database. For the REST Client of VS Code, the HTTP Client of JetBrains, and others.
@host = http://127.0.0.1:3000`;

/** The text of docs/items.http: a request of each operation and media type, made of the examples of the document. */
export function httpFile({ paths }: OpenAPIObject): string {
  const requests = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, OperationObject>).flatMap(([method, operation]) =>
      requestsOf(path, method.replace('x-', '').toUpperCase(), operation),
    ),
  );
  return `${[HEAD, ...requests].join('\n\n')}\n`;
}

function requestsOf(path: string, method: string, operation: OperationObject): string[] {
  const { summary, operationId, requestBody, parameters = [] } = operation;
  const examples = Object.fromEntries(
    parameters.flatMap((one) => ('in' in one && one.in === 'path' ? [[one.name, String(one.example)]] : [])),
  ) as Record<string, string>;
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(examples[name] ?? ''));
  const line = `${method} {{host}}${target}`;
  const contents = Object.entries((requestBody as RequestBodyObject | undefined)?.content ?? {});
  if (contents.length === 0) return [`### ${summary}\n# @name ${operationId}\n${line}`];
  return contents.map(([type, { example }], index) => {
    const name = index === 0 ? operationId : `${operationId}${index + 1}`;
    const body = type.endsWith('json')
      ? JSON.stringify(example, null, 2)
      : new URLSearchParams(example as Record<string, string>).toString();
    return `### ${summary} (${type})\n# @name ${name}\n${line}\nContent-Type: ${type}\n\n${body}`;
  });
}
