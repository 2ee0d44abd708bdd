import type { Job, Unit } from './jobs.rules.js';

/** About what the largest item adds to the statement of its group. */
const LARGEST_ITEM_BYTES = 65_536;

/** The jobs of all units, in their order. */
export function jobsIn(units: Unit[]): Job[] {
  return units.flatMap(({ jobs }) => jobs);
}

/** The ids that they are about, each once. */
export function idsIn(units: Unit[]): string[] {
  return [...new Set(jobsIn(units).map(({ command }) => command.id))];
}

export function countJobs(units: Unit[]): number {
  return units.reduce((count, { jobs }) => count + jobs.length, 0);
}

/** About as many bytes as they add to the statement of their group. */
export function bytesIn(units: Unit[]): number {
  return jobsIn(units).reduce((bytes, job) => bytes + bytesOf(job), 0);
}

function bytesOf({ command }: Job): number {
  if (command.kind === 'delete' || command.kind === 'erase') return 0;
  if (command.kind === 'restore') return LARGEST_ITEM_BYTES;
  return 2 * JSON.stringify(command.kind === 'patch' ? command.patch : command.content).length;
}
