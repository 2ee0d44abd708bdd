import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../caller.js';

/** Asks a service process for readiness until it says this of the database. What it found counts for a second there. */
export async function readinessThatSays(database: string, api: Caller): Promise<Record<string, unknown>> {
  for (;;) {
    const answer = await api.get('/health/ready');
    if (answer.json.database === database) return answer.expect(200).json as Record<string, unknown>;
    await delay(20);
  }
}
