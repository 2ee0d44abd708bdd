/** A number of requests: so few that all are answered soon, and enough for the bursts of a proxy. */
export const REQUESTS = { expected: 'a number of requests from 1 to 99999', parse: parseRequests };

function parseRequests(text: string): number | undefined {
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined;
}
