import Negotiator from 'negotiator';
import type { FastifyRequest } from 'fastify';
import { mediaTypesOf, type Operation } from './contract/operation.js';
import { notAcceptable } from './problems/http.problems.js';

// RFC 9110 §12.5.1, in which list elements may be empty (§5.6.1.2) and a weight has three decimals (§12.4.2).
const TOKEN = "[!#$%&'*+.^_`|~0-9a-z-]+";
const QUOTED = String.raw`"(?:[\t !#-\[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"`;
const WEIGHT = String.raw`q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)`;
const PARAMETER = String.raw`[ \t]*;(?:[ \t]*(?:${WEIGHT}|(?!q=)${TOKEN}=(?:${TOKEN}|${QUOTED})))?`;
const RANGE = `[ \\t]*${TOKEN}/${TOKEN}(?:${PARAMETER})*`;
const ACCEPT = new RegExp(String.raw`^(?:${RANGE})?(?:[ \t]*,(?:${RANGE})?)*[ \t]*$`, 'i');

/**
 * Problem: notAcceptable (406) if no content that the operation succeeds with fits Accept. The most specific range that
 * fits a type gives its weight, and 0 excludes it. A field that can't be parsed, or is empty, counts as absent.
 */
export function checkAccept({ headers, routeOptions }: FastifyRequest): void {
  const { operation } = routeOptions.config;
  if (!operation || headers.accept === undefined || headers.accept === '*/*') return;
  if (!isAcceptable(headers.accept, operation)) throw notAcceptable(headers.accept, mediaTypesOf(operation));
}

function isAcceptable(accept: string, operation: Operation): boolean {
  if (accept.trim() === '' || !ACCEPT.test(accept)) return true;
  const types = mediaTypesOf(operation);
  // With the parameter that they are sent with, so that a range may have it too.
  const offered = types.map((type) => `${type}; charset=utf-8`);
  return types.length === 0 || new Negotiator({ headers: { accept } }).mediaTypes(offered).length > 0;
}
