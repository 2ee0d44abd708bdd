import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { MAX_JWKS_BYTES } from '../../config/settings/jwks.js';
import type { KeySource } from '../../config/settings/jwt-settings.js';

const ACCEPT = { accept: 'application/jwk-set+json, application/json' };

/** The keys can't be read. Its message is for the log, and names no address. */
export class KeysUnreadable extends Error {}

/**
 * The text at the URL or in the file, up to 256 KiB. Redirects are not followed: whoever answers there could sign tokens.
 * Rejects with KeysUnreadable, or with an error of Node. Not by fetch(): on Node 20 its signals can be collected as garbage, and
 * then it never ends.
 */
export async function readKeySource(source: KeySource, signal: AbortSignal): Promise<string> {
  if ('file' in source) return textIn(createReadStream(source.file, { signal, end: MAX_JWKS_BYTES }));
  const get = source.url.startsWith('https:') ? https.get : http.get;
  const request = get(source.url, { headers: ACCEPT, agent: false, signal });
  // Errors after the head come with the response.
  request.on('error', () => undefined);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode === 200) return textIn(response);
  request.destroy();
  throw new KeysUnreadable(`the answer has the status ${response.statusCode}`);
}

async function textIn(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // To leave the loop early also ends the stream.
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > MAX_JWKS_BYTES) throw new KeysUnreadable(`there are more than ${MAX_JWKS_BYTES} bytes`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString();
}
