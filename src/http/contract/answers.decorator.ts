import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { ProblemConstructor } from '../problems/problem.js';
import { ProblemDto } from '../problems/problem.dto.js';
import { successesOf, type Operation, type Success } from './operation.js';

/** Binds a handler to its declaration. A route that differs from it, or has none, stops the start. */
export function Answers(operation: Operation): MethodDecorator {
  const [status] = successesOf(operation).at(-1) ?? [200];
  return applyDecorators(
    RouteConfig({ operation }),
    HttpCode(status),
    ApiOperation({ operationId: operation.id, summary: operation.summary }),
    ...Object.entries(operation.params ?? {}).map(([name, { pattern, expected, example }]) =>
      ApiParam({ name, description: expected, schema: { type: 'string', pattern: pattern.source, example } }),
    ),
    ...Object.entries(operation.answers).map(([code, answer]) =>
      Array.isArray(answer) ? problemResponse(Number(code), answer) : successResponse(Number(code), answer),
    ),
  );
}

function successResponse(status: number, success: Success): MethodDecorator {
  const { description, body, mediaType, headers = [] } = success;
  return ApiResponse({
    status,
    description,
    ...(body && { type: body }),
    ...(mediaType && { content: { [mediaType]: { schema: { type: 'string' as const } } } }),
    headers: Object.fromEntries(headers.map((name) => [name, { schema: { type: 'string' as const } }])),
  });
}

function problemResponse(status: number, problems: ProblemConstructor[]): MethodDecorator {
  return ApiResponse({
    status,
    description: problems.map(({ type }) => type.title).join(' / '),
    content: { 'application/problem+json': { schema: { $ref: `#/components/schemas/${ProblemDto.name}` } } },
  });
}
