import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import type { Conditions } from '../http/fields/conditions/preconditions.js';
import { readVersionsRequest } from './contract/versions-request.js';
import { ListVersionsDto } from './dto/list-versions.dto.js';
import { ErasureCleaning } from './erasure-cleaning.js';
import { validatorsOfPage } from './item-etag.js';
import type { Done } from './jobs.rules.js';
import { ItemsWriter } from './items.writer.js';
import type { Terms } from './terms.js';
import { VersionsService } from './versions.service.js';

/** Erases what the versions of deleted items hold. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly versions: VersionsService,
    private readonly writer: ItemsWriter,
    private readonly cleaning: ErasureCleaning,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The conditions are on the list of versions. Problems: those of the key (409, 410, 422), itemNotFound if the id was never used (404),
   * itemNotDeleted (409), preconditionRequired (428), preconditionFailed (412). Throws DatabaseFault.
   */
  async erase(id: string, { actor, requestId, conditions, key }: Terms): Promise<Done> {
    const list = comparesTags(conditions) ? await this.listOf(id) : undefined;
    const guard = { conditions, isRequired: this.config.requirePreconditions };
    const command = { kind: 'erase', id, list, guard } as const;
    try {
      return await this.writer.execute({ command, actor, requestId, isMinimal: false }, key);
    } finally {
      // Also if the outcome is unknown.
      this.cleaning.start();
    }
  }

  /** The entity-tag of GET /items/{id}/versions without a query. */
  private async listOf(id: string): Promise<{ entityTag?: string; newest: number } | undefined> {
    const request = readVersionsRequest(new ListVersionsDto(), id);
    const { versions, next } = await this.versions.list(id, request);
    const [newest] = versions;
    return newest && { ...validatorsOfPage(request, versions, next), newest: newest.version };
  }
}

function comparesTags({ ifMatch, ifNoneMatch }: Conditions): boolean {
  return Array.isArray(ifMatch) || Array.isArray(ifNoneMatch);
}
