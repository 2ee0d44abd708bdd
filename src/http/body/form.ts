import { isUtf8 } from 'node:buffer';
import { parse } from 'fast-querystring';
import { shortened } from '../../problems/faults.js';
import { malformedForm } from './body.problems.js';

/** The media type of forms, which are written as the query of a target is. */
export const FORM = 'application/x-www-form-urlencoded';

/** The parameters of a query, by name; a list if there are several of one name. */
export type Parameters = Record<string, string | string[]>;

/**
 * Reads a form by the parser that Fastify's router reads targets with. Problem: malformedForm (400) for bytes or percent-encodings
 * that are not UTF-8.
 */
export function parseForm(bytes: Buffer): Parameters {
  if (!isUtf8(bytes)) throw malformedForm('its bytes are not UTF-8');
  const text = bytes.toString('utf8');
  if (!isDecodable(text)) throw malformedForm(`${firstUndecodable(text)} has a percent-encoding that is not UTF-8`);
  return parse(text) as Parameters;
}

/** The number of parameters in a form, without reading it. Empty ones between two & count too. */
export function countParameters(bytes: Buffer): number {
  let count = 1;
  for (let at = bytes.indexOf('&'); at !== -1; at = bytes.indexOf('&', at + 1)) count += 1;
  return count;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function firstUndecodable(text: string): string {
  const [name = '', value = ''] =
    text
      .split('&')
      .map(nameAndValue)
      .find((pair) => !pair.every(isDecodable)) ?? [];
  return isDecodable(value) ? `the name ${shortened(name)}` : `the value of ${shortened(name)}`;
}

function nameAndValue(pair: string): [string, string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}
