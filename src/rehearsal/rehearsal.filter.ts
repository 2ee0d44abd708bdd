import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptableTypes } from '../http/head/accept.js';
import { documentedContents, headerExamples } from '../contract/openapi/examples.js';
import type { Success } from '../contract/operation.js';
import { endConnection, endsConnection } from '../http/wire/last-request.js';
import { closeWithLinger } from '../http/wire/lingering-close.js';
import type { PublicUrl } from '../public-url.js';
import { markRehearsal, RehearsedSuccess } from './rehearsal.js';

/** Answers a rehearsal with a success, made of the examples in the OpenAPI document. */
@Catch(RehearsedSuccess)
export class RehearsalFilter implements ExceptionFilter<RehearsedSuccess> {
  /** The document of this service; set once all routes stand. */
  document!: OpenAPIObject;

  constructor(private readonly publicUrl: PublicUrl) {}

  catch(rehearsed: RehearsedSuccess, host: ArgumentsHost): void {
    const { status, operation } = rehearsed;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (endsConnection(rehearsed, request)) endConnection(request, reply);
    else if (!request.raw.complete) closeWithLinger(request.raw.socket);
    reply.status(status).headers(this.fieldsOf(operation.answers[status] as Success));
    markRehearsal(reply);
    const contents = documentedContents(this.document, operation, status);
    const acceptable = acceptableTypes(operation, request.headers.accept);
    const type = [...acceptable, ...Object.keys(contents)].find((one) => one in contents);
    if (type !== undefined) reply.header('content-type', `${type}; charset=utf-8`);
    void reply.send(type && contents[type]);
  }

  // Paths are links, which are absolute under PUBLIC_URL.
  private fieldsOf(success: Success): Record<string, string> {
    const fields = Object.entries(headerExamples(success));
    const withLinks = (text: string) => text.replaceAll(/(?<=^|<)\//g, this.publicUrl.of('/'));
    return Object.fromEntries(fields.map(([name, text]) => [name.toLowerCase(), withLinks(text)]));
  }
}
