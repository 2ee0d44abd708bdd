import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers } from '../contract/answers.decorator.js';
import { OpenApi } from '../contract/openapi/open-api.js';
import { answerKept, keepBody, keepJson, type KeptBody } from './kept-body.js';
import { SentConditions, type Conditions } from '../http/fields/conditions/preconditions.js';
import { routeNotFound } from '../http/head/head.problems.js';
import { fieldsOfPage } from './pages/page.js';
import { getDocs, getDocsAsset, getOpenApi } from './reference.operations.js';
import { SwaggerFiles } from './swagger-files.js';
import { swaggerPage } from './swagger-page.js';

// No other origin, and nothing inline. Swagger UI sets its styles by script, which is no inline style, and draws its icons as
// data: images.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The OpenAPI document, and Swagger UI over it. */
@Controller()
export class DocsController {
  private kept: KeptBody | undefined;
  private keptPage: KeptBody | undefined;

  constructor(
    private readonly openApiDocument: OpenApi,
    private readonly files: SwaggerFiles,
  ) {}

  @Get('openapi.json')
  @Answers(getOpenApi)
  openApi(
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Buffer | undefined {
    this.kept ??= keepJson(this.openApiDocument.document);
    return answerKept(reply, conditions, this.kept);
  }

  @Get('docs')
  @Answers(getDocs)
  page(@SentConditions() conditions: Conditions, @Res({ passthrough: true }) reply: FastifyReply): Buffer | undefined {
    this.keptPage ??= keepBody(swaggerPage(this.files), fieldsOfPage(POLICY));
    return answerKept(reply, conditions, this.keptPage);
  }

  /** Problem: routeNotFound (404). */
  @Get('docs/:asset')
  @Answers(getDocsAsset)
  asset(
    @Param('asset') name: string,
    @SentConditions() conditions: Conditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Buffer | undefined {
    const file = this.files.get(name);
    if (!file) throw routeNotFound(`/docs/${name}`);
    return answerKept(reply, conditions, file);
  }
}
