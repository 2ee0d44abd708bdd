import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { Config } from '../../src/config/config.js';
import { Drain } from '../../src/http/wire/drain.js';
import { bearer, KEYS } from './access/known-keys.js';
import { startTestApp, type TestApp } from './test-app.js';

/** A service that stops, and is kept from its end by a request whose body has not come. */
export interface StoppingApp extends TestApp {
  /** Sends the rest of that request. Its answer, when the service has ended. */
  finish(): Promise<IncomingMessage>;
}

/** Starts a service and stops it as soon as it takes requests: it refuses new ones. */
export async function startStopping(settings: Partial<Config> = {}): Promise<StoppingApp> {
  const service = await startTestApp(settings);
  const { url } = service.api;
  const body = JSON.stringify({ name: 'Late' });
  const headers = {
    ...(service.config.auth === 'required' && { authorization: bearer(KEYS.all) }),
    'content-type': 'application/json',
    'content-length': body.length,
    'if-none-match': '*',
    expect: '100-continue',
  };
  const running = request(`${url}/items/late`, { method: 'PUT', headers, agent: false });
  running.flushHeaders();
  await once(running, 'continue');
  const { ending } = service.app.get(Drain);
  const refusing = once(ending, 'abort');
  const closed = service.close();
  await refusing;
  const finish = async () => {
    const answered = once(running, 'response') as Promise<[IncomingMessage]>;
    running.end(body);
    const [answer] = await answered;
    answer.resume();
    await closed;
    return answer;
  };
  return { ...service, finish };
}
