import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { isWanted, judge, type Conditions, type Validators } from './preconditions.js';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const SECOND = 1_000;
const item: Validators = { entityTag: '"3"', lastModified: AT };
const page: Validators = { entityTag: 'W/"p"' };

/** For a read and for a write: `true` if the request is carried out, else the answer. */
function verdicts(conditions: Conditions, current: Validators | undefined): string[] {
  return [true, false].map((isRead) => judge(conditions, isRead, current));
}

const [GOES_ON, IF_MATCH, NONE_MATCH, UNMODIFIED] = [
  ['hold', 'hold'],
  ['If-Match', 'If-Match'],
  ['not modified', 'If-None-Match'],
  ['If-Unmodified-Since', 'If-Unmodified-Since'],
];

describe('judge: RFC 9110 §13.2.2 on an item of version 3', () => {
  it.each<[string, Conditions, string[] | undefined]>([
    ['no condition', {}, GOES_ON],
    ['[F7] If-Match of the current tag', { ifMatch: ['"3"'] }, GOES_ON],
    ['[F8] [D14] If-Match of another', { ifMatch: ['"2"'] }, IF_MATCH],
    ['[F9] If-Match of the current tag, weak', { ifMatch: ['W/"3"'] }, IF_MATCH],
    ['[F10] If-Match of a list with it', { ifMatch: ['"2"', 'W/"3"', '"3"'] }, GOES_ON],
    ['[F11] If-Match: *', { ifMatch: '*' }, GOES_ON],
    ['[D5] [H5] If-None-Match of the current tag', { ifNoneMatch: ['"3"'] }, NONE_MATCH],
    ['[D6] If-None-Match of the current tag, weak', { ifNoneMatch: ['W/"3"'] }, NONE_MATCH],
    ['[D7] If-None-Match of a list with it', { ifNoneMatch: ['"a"', '"3"'] }, NONE_MATCH],
    ['[D8] [F14] If-None-Match: *', { ifNoneMatch: '*' }, NONE_MATCH],
    ['If-None-Match of another', { ifNoneMatch: ['"2"', 'W/"2"'] }, GOES_ON],
    ['[D17] If-Modified-Since the same second', { ifModifiedSince: AT }, ['not modified', 'hold']],
    ['If-Modified-Since a second later', { ifModifiedSince: AT + SECOND }, ['not modified', 'hold']],
    ['If-Modified-Since a second earlier', { ifModifiedSince: AT - SECOND }, GOES_ON],
    ['[F17] If-Unmodified-Since the same second', { ifUnmodifiedSince: AT }, GOES_ON],
    ['[F17] If-Unmodified-Since a second earlier', { ifUnmodifiedSince: AT - SECOND }, UNMODIFIED],
    ['[D12] another tag and a date that holds', { ifNoneMatch: ['"2"'], ifModifiedSince: AT }, GOES_ON],
    ['[D12] the tag and a date that does not', { ifNoneMatch: ['"3"'], ifModifiedSince: AT - SECOND }, NONE_MATCH],
    ['[F17] the tag and a date that fails', { ifMatch: ['"3"'], ifUnmodifiedSince: AT - SECOND }, GOES_ON],
    ['[F17] another tag and a date that holds', { ifMatch: ['"2"'], ifUnmodifiedSince: AT }, IF_MATCH],
    ['[D15] both tags', { ifMatch: ['"3"'], ifNoneMatch: ['"3"'] }, NONE_MATCH],
    ['If-Match fails before If-None-Match', { ifMatch: ['"2"'], ifNoneMatch: ['"3"'] }, IF_MATCH],
    ['both dates, neither holds', { ifUnmodifiedSince: AT - SECOND, ifModifiedSince: AT }, UNMODIFIED],
    ['the date fails before If-None-Match', { ifUnmodifiedSince: AT - SECOND, ifNoneMatch: ['"3"'] }, UNMODIFIED],
  ])('%s', (_, conditions, expected) => {
    expect(verdicts(conditions, item)).toEqual(expected);
  });
});

describe('judge: where nothing is', () => {
  it.each<[string, Conditions, string[] | undefined]>([
    ['[A4] If-Match: *', { ifMatch: '*' }, IF_MATCH],
    ['[A4] If-Match of a tag', { ifMatch: ['"3"'] }, IF_MATCH],
    ['If-Match of an empty tag', { ifMatch: ['""'] }, IF_MATCH],
    ['[F13] If-None-Match: *', { ifNoneMatch: '*' }, GOES_ON],
    ['If-None-Match of a tag', { ifNoneMatch: ['"3"', '""'] }, GOES_ON],
    ['a date', { ifUnmodifiedSince: 0, ifModifiedSince: AT }, GOES_ON],
  ])('%s', (_, conditions, expected) => {
    expect(verdicts(conditions, undefined)).toEqual(expected);
  });
});

describe('judge: on a page, which has a weak tag and no date', () => {
  it.each<[string, Conditions, string[] | undefined]>([
    ['[I9] If-None-Match of its tag', { ifNoneMatch: ['W/"p"'] }, NONE_MATCH],
    ['[E16] If-None-Match: *', { ifNoneMatch: '*' }, NONE_MATCH],
    ['If-Match of its tag, which is weak', { ifMatch: ['W/"p"'] }, IF_MATCH],
    ['If-Match of its tag, made strong', { ifMatch: ['"p"'] }, IF_MATCH],
    ['If-Match: *', { ifMatch: '*' }, GOES_ON],
    ['a date', { ifUnmodifiedSince: 0, ifModifiedSince: AT }, GOES_ON],
  ])('%s', (_, conditions, expected) => {
    expect(verdicts(conditions, page)).toEqual(expected);
  });
});

describe('the times of an answer', () => {
  afterEach(() => void jest.useRealTimers());

  it.each([
    ['the moment of the answer', AT + SECOND / 2, 'Fri, 02 Jan 2026 03:04:05 GMT'],
    ['a second before', AT - SECOND, 'Fri, 02 Jan 2026 03:04:04 GMT'],
    ['a day later, by another clock', AT + 86_400 * SECOND, 'Fri, 02 Jan 2026 03:04:05 GMT'],
  ])('[D17] Date has the moment of the answer, for an item changed at %s', (_, lastModified, sent) => {
    jest.useFakeTimers({ now: AT + SECOND / 2 });
    const fields: Record<string, string> = {};
    const reply = { header: (name: string, value: string) => Object.assign(fields, { [name]: value }) };
    expect(isWanted(reply as unknown as FastifyReply, {}, { lastModified })).toBe(true);
    expect(fields).toEqual({ date: 'Fri, 02 Jan 2026 03:04:05 GMT', 'last-modified': sent });
  });
});
