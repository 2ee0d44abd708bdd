import type { CreateItemDto } from './dto/create-item.dto.js';
import type { ReplaceItemDto } from './dto/replace-item.dto.js';
import type { Command, Guard } from './items.rules.js';
import { contentOf } from './store/item.members.js';
import type { Terms } from './terms.js';

type Conditional = Pick<Terms, 'conditions'>;

/** Whether a create has a condition on the state of the list. */
export function needsListEntityTag({ conditions }: Conditional): boolean {
  return Array.isArray(conditions.ifNoneMatch);
}

/** The command of POST /items. */
export function createCommand(dto: CreateItemDto, { conditions }: Conditional, listEntityTag?: string): Command {
  return { kind: 'create', id: dto.id, content: contentOf(dto), listEntityTag, guard: { conditions } };
}

/** The command of PUT /items/{id}. */
export function replaceCommand(id: string, dto: ReplaceItemDto, guard: Guard): Command {
  const { id: idInBody, version: versionInBody } = dto;
  return { kind: 'replace', id, content: contentOf(dto), idInBody, versionInBody, guard };
}
