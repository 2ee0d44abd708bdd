import { createReadStream } from 'node:fs';
import { MAX_JWKS_BYTES } from '../../config/jwks.js';
import type { KeySource } from '../../config/jwt-settings.js';

/** The keys can't be read. Its message is for the log, and names no address. */
export class KeysUnreadable extends Error {}

/**
 * The text at the URL or in the file, up to 256 KiB. Redirects are not followed: whoever answers there could sign tokens.
 * Rejects with KeysUnreadable, or with an error of Node.
 */
export async function readKeySource(source: KeySource, signal: AbortSignal): Promise<string> {
  if ('file' in source) return textIn(createReadStream(source.file, { signal, end: MAX_JWKS_BYTES }));
  const response = await fetch(source.url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'manual',
    signal,
  });
  if (response.status === 200 && response.body) return textIn(response.body);
  await response.body?.cancel();
  throw new KeysUnreadable(`the answer has the status ${response.status}`);
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
