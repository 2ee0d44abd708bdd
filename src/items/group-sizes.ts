import type { Job, Unit } from './jobs.rules.js';

/** About what the largest item adds to the statement of its group. */
const LARGEST_ITEM_BYTES = 65_536;

/** The jobs of units, in their order. */
export function jobsIn(units: Unit[]): Job[] {
  return units.flatMap(({ jobs }) => jobs);
}

/** The ids of their items, each once. */
export function idsIn(units: Unit[]): string[] {
  return [...new Set(jobsIn(units).map(({ command }) => command.id))];
}

/** How many jobs units have. */
export function countJobs(units: Unit[]): number {
  return units.reduce((count, { jobs }) => count + jobs.length, 0);
}

/** About as many bytes as units add to the statement of their group. */
export function bytesOf(units: Unit[]): number {
  return jobsIn(units).reduce((bytes, job) => bytes + bytesOfJob(job), 0);
}

// About as many bytes as the job adds to the statement of its group.
function bytesOfJob({ command }: Job): number {
  if (command.kind === 'delete' || command.kind === 'erase') return 0;
  if (command.kind === 'restore') return LARGEST_ITEM_BYTES;
  return 2 * JSON.stringify(command.kind === 'patch' ? command.patch : command.content).length;
}
