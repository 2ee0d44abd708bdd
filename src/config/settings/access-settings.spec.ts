import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../config.js';
import { readConfig } from '../read-config.js';

function faultsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
}

describe('AUTH', () => {
  it.each([
    {},
    { HOST: '127.8.9.1' },
    { HOST: '::1' },
    { HOST: 'LOCALHOST' },
    { PUBLIC_URL: 'http://localhost:8080/items' },
    { PUBLIC_URL: 'https://127.0.0.1' },
    { PUBLIC_URL: 'http://[::1]:3000' },
  ])('is off by default if only this machine reaches the service: %j', (environment) => {
    expect(readConfig(environment).auth).toBe('off');
    expect(readConfig({ ...environment, AUTH: 'required' }).auth).toBe('required');
  });

  it.each([
    [{ HOST: '0.0.0.0' }, 'HOST=0.0.0.0 is not loopback'],
    [{ HOST: '::' }, 'HOST=:: is not loopback'],
    [{ HOST: '10.0.0.1' }, 'HOST=10.0.0.1 is not loopback'],
    [{ HOST: 'localhost.example.org' }, 'HOST=localhost.example.org is not loopback'],
    [{ PUBLIC_URL: 'https://items.example' }, 'PUBLIC_URL is not on loopback'],
    [{ PUBLIC_URL: 'https://127.0.0.1.example' }, 'PUBLIC_URL is not on loopback'],
    [{ HOST: '::1', PUBLIC_URL: 'https://[::2]' }, 'PUBLIC_URL is not on loopback'],
  ])('must be set otherwise, and the message says how: %j', (environment, reason) => {
    for (const unset of [environment, { ...environment, AUTH: '' }]) {
      const [fault = '', ...others] = faultsOf(unset);
      expect(others).toEqual([]);
      expect(fault).toMatch(/^AUTH must be set, since /);
      expect(fault).toContain(reason);
      expect(fault).toContain('npm run keys -- create --name <name> --scopes items:read,items:write');
      expect(fault).not.toContain('\n');
    }
    expect(readConfig({ ...environment, AUTH: 'off' }).auth).toBe('off');
    expect(readConfig({ ...environment, AUTH: 'required' }).auth).toBe('required');
  });

  it('is not asked for because of a setting that is unusable itself', () => {
    expect(faultsOf({ HOST: 'two words', PUBLIC_URL: 'items.example' })).toEqual([
      expect.stringMatching(/^HOST=/),
      expect.stringMatching(/^PUBLIC_URL /),
    ]);
  });
});
