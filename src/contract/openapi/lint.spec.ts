import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import spectral from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';

describe('openapi.json', () => {
  it('Spectral’s oas rules report nothing', async () => {
    const linter = new spectral.Spectral();
    linter.setRuleset({ extends: [rulesets.oas], rules: {} } as never);
    const results = await linter.run(await readFile('openapi.json', 'utf8'));
    expect(results.map(({ code, path, message }) => `${code} ${path.join('.')} ${message}`)).toEqual([]);
  });

  it('Redocly’s recommended-strict rules report nothing', async () => {
    const source = await readFile('openapi.json', 'utf8');
    const config = await createConfig({ extends: ['recommended-strict'] });
    const problems = await lintFromString({ source, config });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer} ${message}`)).toEqual([]);
  });
});
