import { Injectable } from '@nestjs/common';

/** The OpenAPI document of the running application, made once all routes stand. */
@Injectable()
export class OpenApiDocument {
  value: object = {};
}
