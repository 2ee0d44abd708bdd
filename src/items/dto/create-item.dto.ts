import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsDefined, IsString, Matches } from 'class-validator';
import { ITEM_ID } from '../items.limits.js';
import { ItemContentDto } from './item-content.dto.js';

/** What POST /items takes. */
@ApiSchema({ name: 'CreateItem' })
export class CreateItemDto extends ItemContentDto {
  @ApiProperty({ description: 'Chosen by the client', pattern: ITEM_ID.pattern.source, example: ITEM_ID.example })
  @Matches(ITEM_ID.pattern, { message: `id must be ${ITEM_ID.expected}.` })
  @IsString({ message: 'id must be a string.' })
  @IsDefined({ message: 'id is missing.' })
  id!: string;
}
