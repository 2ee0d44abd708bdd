import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import Negotiator from 'negotiator';
import type { FastifyRequest } from 'fastify';
import { mediaTypesOf, type Operation } from '../../../contract/operation.js';
import { notAcceptable } from './content.problems.js';

// RFC 9110 §12.5.1, in which list elements may be empty (§5.6.1.2) and a weight has three decimals (§12.4.2).
const TOKEN = "[!#$%&'*+.^_`|~0-9a-z-]+";
const QUOTED = String.raw`"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"`;
const WEIGHT = String.raw`q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)`;
const PARAMETER = String.raw`[ \t]*;(?:[ \t]*(?:${WEIGHT}|(?!q=)${TOKEN}=(?:${TOKEN}|${QUOTED})))?`;
const RANGE = `[ \\t]*${TOKEN}/${TOKEN}(?:${PARAMETER})*`;
const ACCEPT = new RegExp(String.raw`^(?:${RANGE})?(?:[ \t]*,(?:${RANGE})?)*[ \t]*$`, 'i');

/** The parameter that our types are sent with. A range may have it too. */
const CHARSET = '; charset=utf-8';

// Other spellings of it, such as "utf8". Inside another quoted value only a bare one can match, so that stays quoted.
const CHARSET_OF_RANGE = /;[ \t]*charset=(?:utf-?8|"utf-?8")(?=[ \t;,]|$)/gi;

// How names that Prometheus did not allow before are written (Prometheus, "Content negotiation"). There are none here, so all ways
// are one.
const ESCAPING_OF_RANGE = /;[ \t]*escaping=[a-z0-9-]+(?=[ \t;,]|$)/gi;

/**
 * Problem: notAcceptable (406) if Accept excludes every media type of the operation's successes. The most specific range
 * that fits a type gives its weight, and 0 excludes it. A malformed or empty field counts as absent.
 */
export function checkAccept({ headers, route: { operation } }: FastifyRequest): void {
  if (!operation || headers.accept === undefined || headers.accept === '*/*') return;
  const types = mediaTypesOf(operation);
  if (types.length > 0 && acceptableTypes(operation, headers.accept).length === 0) {
    throw notAcceptable(headers.accept, types);
  }
}

/** Handler parameter: the media type that fits Accept best, for an operation that has several. */
export const PreferredType = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  const { headers, route } = context.switchToHttp().getRequest<FastifyRequest>();
  const { operation } = route;
  return operation && acceptableTypes(operation, headers.accept)[0];
});

/** The media types of an operation that fit Accept, the preferred one first. */
export function acceptableTypes(operation: Operation, accept = ''): string[] {
  const types = mediaTypesOf(operation);
  if (!/[^\s,]/.test(accept) || !ACCEPT.test(accept)) return types;
  const offered = types.map((type) => `${type}${CHARSET}`);
  const given = accept.replaceAll(CHARSET_OF_RANGE, CHARSET);
  // Only a type of Prometheus has a version.
  const ranges = types[0]?.includes('; version=') ? given.replaceAll(ESCAPING_OF_RANGE, '') : given;
  return new Negotiator({ headers: { accept: ranges } })
    .mediaTypes(offered)
    .map((type) => type.slice(0, -CHARSET.length));
}
