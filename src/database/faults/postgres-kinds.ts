import type { FaultKind } from './database-fault.js';

/**
 * What SQLSTATEs (PostgreSQL, appendix A) and Node's codes mean: class 08 connection, 28 and 3D000 no session could be opened,
 * 25006 the server has become a standby, 57P01 and 57P02 it ends this session, 57P03 it takes no new one, 53 resources,
 * 40 rollback, 22 and 23 data, 54 limits, P0001 an operator's trigger, XX001 and XX002 damaged files.
 */
export const POSTGRES_KINDS: [RegExp, FaultKind][] = [
  [/^23505$/, 'conflict'],
  [/^(40001|40P01)$/, 'rolled-back'],
  [/^53100$/, 'full'],
  [/^XX00[12]$/, 'damaged'],
  [/^(08...|57P0[12])$/, 'disconnected'],
  [/^(25006|28...|3D000|57P0.|53[234]00|55P03|57014)$/, 'unavailable'],
  [/^(22...|23...|54...|P0001)$/, 'refused'],
  [/^(ECONNRESET|EPIPE)$/, 'disconnected'],
  [/^(EMFILE|ENFILE|ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/, 'unavailable'],
];

/** pg has no code for these; its messages are its interface (pg 8, pg-pool 3). */
export const POSTGRES_MESSAGES: [RegExp, FaultKind][] = [
  [/^(timeout exceeded when trying to connect|Connection terminated due to connection timeout)/, 'unavailable'],
  [/^(Connection terminated|Client has encountered a connection error)/, 'disconnected'],
  [/^Query read timeout/, 'unanswered'],
];
