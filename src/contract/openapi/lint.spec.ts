import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';

describe('openapi.json', () => {
  it('Redocly’s recommended-strict rules report nothing', async () => {
    const source = await readFile('openapi.json', 'utf8');
    const config = await createConfig({ extends: ['recommended-strict'] });
    const problems = await lintFromString({ source, config });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer} ${message}`)).toEqual([]);
  });
});
