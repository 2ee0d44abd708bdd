import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ProblemDto } from './http/problems/problem.dto.js';

/** The OpenAPI document, generated from the controllers, their declarations and the DTOs. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const head = new DocumentBuilder()
    .setTitle('Items')
    .setDescription('A registry of items in which every status code is right, declared, proven and documented.')
    .setVersion('0.1.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .build();
  return SwaggerModule.createDocument(app, head, { extraModels: [ProblemDto] });
}
