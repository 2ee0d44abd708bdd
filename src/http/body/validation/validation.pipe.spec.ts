import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { HttpException } from '@nestjs/common';
import { IsObject, IsString, ValidateNested } from 'class-validator';
import type { Problem } from '../../../problems/problem.js';
import { JsonReader } from '../json/json-reader.js';
import { requirePublicNames } from './rule-names.js';
import { BodyValidationPipe } from './validation.pipe.js';

class Inner {
  @IsString({ message: 'text must be a string.' })
  text!: string;
}

class Outer {
  @ValidateNested({ message: 'inner must be a JSON object.' })
  @IsObject({ message: 'inner must be a JSON object.' })
  inner!: Inner;
}

class Untyped {
  @ValidateNested()
  inner: unknown;
}

async function checked(json: string): Promise<unknown> {
  const body = await new JsonReader().read(Buffer.from(json));
  return new BodyValidationPipe().transform(body, { type: 'body', metatype: Outer });
}

async function faultsOf(json: string): Promise<unknown> {
  const refusal = await checked(json).catch((error: unknown) => error);
  if (!(refusal instanceof HttpException)) throw new Error(`${json} is taken`);
  const { errors } = (refusal.getResponse() as Problem).details;
  return (errors as { listed: unknown }).listed;
}

describe('BodyValidationPipe with a nested DTO', () => {
  it('makes both DTOs', async () => {
    const outer = (await checked('{"inner":{"text":"x"}}')) as Outer;
    expect(outer).toBeInstanceOf(Outer);
    expect(outer.inner).toBeInstanceOf(Inner);
    expect(outer.inner.text).toBe('x');
  });

  it.each([
    ['{"inner":{"text":7}}', [{ pointer: '/inner/text', rule: 'type', position: 17 }]],
    ['{"inner":{"text":"x","a/b":1}}', [{ pointer: '/inner/a~1b', rule: 'unknown', position: 27 }]],
    ['{"inner":7}', [{ pointer: '/inner', rule: 'type', position: 9 }]],
    ['{"inner":[]}', [{ pointer: '/inner', rule: 'type', position: 9 }]],
  ])('refuses %s at its place', async (json, faults) => {
    expect(await faultsOf(json)).toMatchObject(faults);
  });

  it('needs the type of the nested DTO', () => {
    expect(() => requirePublicNames(Outer)).not.toThrow();
    expect(() => requirePublicNames(Untyped)).toThrow('Untyped.inner: a nested DTO must be the type of its member');
  });
});
