import { Inject, Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { CONFIG, type Config } from '../../config/config.js';
import { PublicUrl } from '../../config/public-url.js';
import { API, type Api } from '../api.js';
import { openApiDocument } from './document.js';

/** The OpenAPI document of the running service, made when it is first asked for. */
@Injectable()
export class OpenApi {
  private made: OpenAPIObject | undefined;

  constructor(
    @Inject(API) private readonly api: Api,
    private readonly publicUrl: PublicUrl,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  get document(): OpenAPIObject {
    this.made ??= openApiDocument(this.api, this.publicUrl, this.config);
    return this.made;
  }
}
