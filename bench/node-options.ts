import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  scripts: { start: string };
};

/** The options of Node with which `npm start` runs the service. Others that are compared with it get them too. */
export const NODE_OPTIONS = scripts.start.split(' ').filter((word) => word.startsWith('--'));
