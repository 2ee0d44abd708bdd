import { readdirSync } from 'node:fs';

/**
 * A signal that is aborted when it is asked for the second time: behind the second page or step of a backup into a folder. `seen`: the
 * unfinished files that were there then.
 */
export function abortedInTheMiddle(folder: string): { signal: AbortSignal; seen: string[] } {
  const controller = new AbortController();
  const seen: string[] = [];
  let asked = 0;
  const isAborted = () => {
    asked += 1;
    if (asked === 2) seen.push(...readdirSync(folder).filter((name) => name.includes('.unfinished-')));
    return asked >= 2;
  };
  Object.defineProperty(controller.signal, 'aborted', { get: isAborted });
  return { signal: controller.signal, seen };
}
