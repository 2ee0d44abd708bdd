import type { Answer } from './answer.js';
import type { TestApp } from './test-app.js';

/** Readiness as it is now, and not as it was found within the last second. */
export function readinessNow(service: TestApp): Promise<Answer> {
  service.clock.now = new Date(service.clock.now.getTime() + 1_000);
  return service.api.get('/health/ready');
}
