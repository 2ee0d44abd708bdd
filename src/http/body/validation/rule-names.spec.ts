import { describe, expect, it } from '@jest/globals';
import { Allow, getMetadataStorage, IsEmail, IsString, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { pino } from 'pino';
import { createApp } from '../../../app.js';
import { readConfig } from '../../../config/read-config.js';
import { ReplaceItemDto } from '../../../items/dto/replace-item.dto.js';
import { Each, IS_TEXT } from './each.js';
import { publicNameOf, requirePublicNames } from './rule-names.js';

class Inner {
  @IsString()
  text: unknown;
}

class Named {
  @Each(IS_TEXT)
  @ValidateIf(() => true)
  list: unknown;

  @Allow()
  anything: unknown;

  @ValidateNested()
  inner!: Inner;
}

class Untyped {
  @ValidateNested()
  inner: unknown;
}

class Unnamed {
  @IsEmail()
  @IsString()
  address: unknown;
}

class OwnRule {
  @ValidateBy({ name: 'constructor', validator: { validate: () => true } })
  member: unknown;
}

class WithoutIndex {
  @IsString({ each: true })
  list: unknown;
}

describe('the public name of a rule', () => {
  it('is not that of class-validator', () => {
    expect(publicNameOf('isString')).toBe('type');
    expect(() => publicNameOf('isEmail')).toThrow('the rule isEmail has no public name');
  });

  it.each([
    [Unnamed, 'Unnamed.address: the rule isEmail has no public name'],
    [OwnRule, 'OwnRule.member: the rule constructor has no public name'],
    [WithoutIndex, 'WithoutIndex.list: use Each()'],
    [Untyped, 'Untyped.inner: a nested DTO must be the type of its member'],
  ])('%p is refused', (Dto, message) => {
    expect(() => requirePublicNames(Named)).not.toThrow();
    expect(() => requirePublicNames(Dto)).toThrow(message);
  });

  it('is there for every rule of every request, or the start stops', async () => {
    const start = async () =>
      (await createApp(readConfig({ DATABASE_URL: 'sqlite:never-opened' }), pino({ level: 'silent' }))).close();
    const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: Map<unknown, unknown[]> };
    IsEmail()(ReplaceItemDto.prototype, 'name');
    try {
      await expect(start()).rejects.toThrow('ReplaceItemDto.name: the rule isEmail has no public name');
    } finally {
      // The rules of a class are of the whole process, which other tests share.
      validationMetadatas.get(ReplaceItemDto)!.pop();
    }
    await start();
  });
});
