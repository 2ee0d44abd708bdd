import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers } from '../http/contract/answers.decorator.js';
import { routeNotFound } from '../http/problems/http.problems.js';
import { getDocs, getDocsAsset, getOpenApi } from './service.contract.js';
import { SWAGGER_PAGE } from './swagger-page.js';

const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const shipped = (name: string) => readFileSync(join(folder, name));

/** What the page loads: from the package swagger-ui-dist, and the script that starts it. */
const ASSETS: Record<string, { type: string; content: Buffer }> = {
  'swagger-ui.css': { type: 'text/css; charset=utf-8', content: shipped('swagger-ui.css') },
  'swagger-ui-bundle.js': { type: 'text/javascript; charset=utf-8', content: shipped('swagger-ui-bundle.js') },
  'favicon-32x32.png': { type: 'image/png', content: shipped('favicon-32x32.png') },
  'start.js': {
    type: 'text/javascript; charset=utf-8',
    content: readFileSync(new URL('swagger-ui/start.js', import.meta.url)),
  },
};

// Nothing from elsewhere and no inline script; Swagger UI sets styles and draws its icons as data: images.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The OpenAPI document, and Swagger UI over it. */
@Controller()
export class DocsController {
  /** The OpenAPI document; set once all routes stand. */
  document: object = {};

  @Get('openapi.json')
  @Answers(getOpenApi)
  openApi(): object {
    return this.document;
  }

  @Get('docs')
  @Answers(getDocs)
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  page(): string {
    return SWAGGER_PAGE;
  }

  /** Problem: routeNotFound (404). */
  @Get('docs/:asset')
  @Answers(getDocsAsset)
  asset(@Param('asset') name: string, @Res({ passthrough: true }) reply: FastifyReply): Buffer {
    const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (!asset) throw routeNotFound(`/docs/${name}`);
    reply.header('content-type', asset.type);
    return asset.content;
  }
}
