import { Inject, Injectable } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { CONFIG, type Config } from '../../config/config.js';
import { PublicUrl } from '../../config/public-url.js';
import { CONTRACT, type Contract } from '../contract.js';
import { openApiDocument } from './document.js';

/** The OpenAPI document of the running service, made when it is first asked for. */
@Injectable()
export class OpenApi {
  private made: OpenAPIObject | undefined;

  constructor(
    @Inject(CONTRACT) private readonly contract: Contract,
    private readonly publicUrl: PublicUrl,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  get document(): OpenAPIObject {
    this.made ??= openApiDocument(this.contract, this.publicUrl, this.config);
    return this.made;
  }
}
