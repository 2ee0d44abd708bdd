import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { acceptableTypes } from '../head/accept.js';
import { CONTRACT, type Contract } from '../../contract/contract.js';
import { documentedBodies, fieldExamples } from '../../contract/openapi/examples.js';
import { OpenApi } from '../../contract/openapi/open-api.js';
import type { Success } from '../../contract/operation.js';
import { endConnection, endsConnection } from '../wire/last-request.js';
import { closeWithLinger } from '../wire/lingering-close.js';
import { PublicUrl } from '../../config/public-url.js';
import { REHEARSAL_FIELDS, RehearsedSuccess } from './rehearsal.js';

/** Answers the rehearsal of a success with the examples of the OpenAPI document. */
@Catch(RehearsedSuccess)
export class RehearsalFilter implements ExceptionFilter<RehearsedSuccess> {
  constructor(
    private readonly openApi: OpenApi,
    private readonly publicUrl: PublicUrl,
    @Inject(CONTRACT) private readonly contract: Contract,
  ) {}

  catch(rehearsed: RehearsedSuccess, host: ArgumentsHost): void {
    const { status, operation } = rehearsed;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (endsConnection(rehearsed, request)) endConnection(request, reply);
    else if (!request.raw.complete) closeWithLinger(request.raw.socket);
    reply.status(status).headers({ ...this.fieldsOf(operation.answers[status] as Success), ...REHEARSAL_FIELDS });
    const contents = documentedBodies(this.openApi.document, operation, status);
    const acceptable = acceptableTypes(operation, request.headers.accept);
    const type = [...acceptable, ...Object.keys(contents)].find((one) => one in contents);
    if (type !== undefined) reply.header('content-type', `${type}; charset=utf-8`);
    void reply.send(type && contents[type]);
  }

  // A path in an example is a link, which is absolute under PUBLIC_URL.
  private fieldsOf(success: Success): Record<string, string> {
    const fields = Object.entries(fieldExamples(success, this.contract.responseFields));
    const withLinks = (text: string) => text.replaceAll(/(?<=^|<)\//g, this.publicUrl.of('/'));
    return Object.fromEntries(fields.map(([name, text]) => [name.toLowerCase(), withLinks(text)]));
  }
}
