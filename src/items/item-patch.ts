import { HttpException } from '@nestjs/common';
import { faultsOf, intoDto } from '../http/body/validation/dto-members.js';
import { PatchFailure } from '../http/body/patch/json-patch.js';
import { applyPatch, type PatchDocument } from '../http/body/patch/patch.js';
import { Faults } from '../problems/faults.js';
import { pointerTo, type InputFault } from '../problems/problem.js';
import { toItemDto } from './dto/item.dto.js';
import { ReplaceItemDto } from './dto/replace-item.dto.js';
import type { Item } from './store/item.entity.js';
import { contentOf, READ_ONLY_MEMBERS, type ItemContent } from './store/item.members.js';
import { patchDoesNotApply, patchResultInvalid } from './items.problems.js';

/**
 * What a patch makes of an item as GET gives it, under the rules of PUT. Pure.
 * Problems: patchDoesNotApply (409), patchResultInvalid (422).
 */
export function patchedContent(existing: Item, patch: PatchDocument): ItemContent | HttpException {
  const before = toItemDto(existing);
  const after = patched(before, patch, existing.version);
  if (after instanceof HttpException) return after;
  if (typeof after !== 'object' || after === null || Array.isArray(after)) {
    return patchResultInvalid([{ pointer: '', rule: 'type', detail: 'The item would not be a JSON object any more.' }]);
  }
  const { dto, unknown } = intoDto(ReplaceItemDto, after);
  const changed = READ_ONLY_MEMBERS.filter((name) => before[name] !== Reflect.get(after, name)).map(readOnly);
  const faults = faultsOf(dto, new Faults(changed).with(unknown));
  if (faults.count > 0) return patchResultInvalid(faults);
  return contentOf(dto);
}

function patched(item: object, patch: PatchDocument, version: number): unknown {
  try {
    return applyPatch(patch, item);
  } catch (error) {
    if (!(error instanceof PatchFailure)) throw error;
    const { operation, rule, message } = error;
    const faults = [{ pointer: `/${operation}`, rule, detail: message }];
    return rule === 'size' || rule === 'depth' ? patchResultInvalid(faults) : patchDoesNotApply(faults, version);
  }
}

function readOnly(name: string): InputFault {
  return { pointer: pointerTo(name), rule: 'read-only', detail: `${name} can't be changed by a patch.` };
}
