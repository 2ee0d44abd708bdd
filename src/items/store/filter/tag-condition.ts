import type { Engine } from '../../../config/config.js';
import type { Test } from '../../filter/filter.js';
import type { Bindings } from '../bindings.js';
import { textCondition } from './text-condition.js';

/** Whether one of the tags passes a test, without its negation; or whether there are tags. */
export function tagCondition(test: Test, engine: Engine, bindings: Bindings): string {
  if (test.kind === 'exists') return `CAST(tags AS text) ${test.isThere ? '<>' : '='} '[]'`;
  if (engine === 'postgres') {
    if (test.kind === 'equal') return `tags::jsonb ?| ${bindings.add(test.values)}::text[]`;
    return `EXISTS (SELECT 1 FROM json_array_elements_text(tags) AS t (tag) WHERE ${textCondition('tag COLLATE "C"', test, engine, bindings)})`;
  }
  return `EXISTS (SELECT 1 FROM json_each(tags) WHERE ${textCondition('value', test, engine, bindings)})`;
}
