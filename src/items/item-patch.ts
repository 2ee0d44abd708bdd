import { HttpException } from '@nestjs/common';
import { faultsOf, intoDto } from '../http/body/validation/dto-members.js';
import { isSameJson } from '../http/body/patch/json-edit.js';
import { PatchFailure } from '../http/body/patch/json-patch.js';
import { applyPatch, type PatchDocument } from '../http/body/patch/patch.js';
import { Faults } from '../problems/faults.js';
import { pointerTo, type InputFault } from '../problems/problem.js';
import { toItemDto } from './dto/item.dto.js';
import { ReplaceItemDto } from './dto/replace-item.dto.js';
import type { Item } from './store/item.entity.js';
import { contentOf, READ_ONLY_MEMBERS, type ItemContent } from './store/item.members.js';
import { patchDoesNotApply, patchResultInvalid } from './contract/items.problems.js';

/**
 * The content of an item after a patch. The patch is applied to the item as GET gives it; PUT's rules hold for the result. Pure.
 * Problems: patchDoesNotApply (409), patchResultInvalid (422).
 */
export function patchedContent(existing: Item, patch: PatchDocument): ItemContent | HttpException {
  const before = toItemDto(existing);
  const after = patched(before, patch, existing.version);
  if (after instanceof HttpException) return after;
  if (typeof after !== 'object' || after === null || Array.isArray(after)) {
    return patchResultInvalid([
      { pointer: '', rule: 'type', detail: 'After the patch the item is not a JSON object.' },
    ]);
  }
  const { dto, unknown } = intoDto(ReplaceItemDto, after);
  const changed = READ_ONLY_MEMBERS.filter((name) => !isSameJson(before[name], Reflect.get(after, name))).map(readOnly);
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
  return { pointer: pointerTo(name), rule: 'read-only', detail: `A patch can't change ${name}.` };
}
