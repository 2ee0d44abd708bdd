import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JwtConfig } from '../../../src/config/settings/jwt-settings.js';
import { SigningKey, type Algorithm } from './signing-key.js';

/** Answers a request for keys. */
export type KeyAnswer = (response: ServerResponse) => void;

/** An issuer of tokens: an HTTP server of its own that gives its keys. */
export class TokenIssuer {
  readonly issuer = 'https://issuer.example';
  readonly audience = 'items';
  /** How often it was asked for its keys. */
  asked = 0;
  /** What it publishes. */
  keys: object[] = [];
  /** How it answers. Its keys unless set. */
  answer: KeyAnswer | undefined;
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {
    server.on('request', (_request, response: ServerResponse) => {
      this.asked += 1;
      for (const resolve of this.waiting.splice(0)) resolve();
      if (this.answer) this.answer(response);
      else this.answerKeys(response);
    });
  }

  static async start(port = 0): Promise<TokenIssuer> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new TokenIssuer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
  }

  /** The settings of a service that accepts its tokens. */
  get jwt(): JwtConfig {
    return {
      issuer: this.issuer,
      audiences: [this.audience],
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      keys: { url: this.url },
    };
  }

  /** Makes a key and publishes it. */
  newKey(alg: Algorithm, kid?: string): SigningKey {
    const key = new SigningKey(alg, kid);
    this.keys.push(key.jwk);
    return key;
  }

  answerKeys(response: ServerResponse): void {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: this.keys }));
  }

  /** Settles when it is asked the next time. */
  async nextAsked(): Promise<void> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Claims of a token that is good at this time, for five minutes. */
  claims(now: Date, more: Record<string, unknown> = {}): Record<string, unknown> {
    const seconds = Math.floor(now.getTime() / 1000);
    const claims = { iss: this.issuer, sub: 'alice', aud: this.audience, exp: seconds + 300, iat: seconds };
    return { ...claims, scope: 'items:read', ...more };
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    if (this.server.listening) await once(this.server, 'close');
  }
}
