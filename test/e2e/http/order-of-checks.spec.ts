import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ORDER_OF_CHECKS } from '../../../src/order-of-checks.js';
import { OPERATIONS } from '../../../src/operations.js';
import {
  EXCLUSIVE,
  FAULT_NAMES,
  faultOf,
  PAIRS,
  SENT,
  SENT_INTO_WRITES,
  startJudges,
  type Judges,
} from '../../support/requests/judges.js';
import { BASES, basesOf, judges, type BaseName } from '../../support/requests/spoilt-requests.js';

/** Steps that judge the state of the service, which no request can spoil. */
const BY_STATE = ['start', 'drain', 'credentials, after a wait', 'rate of a batch', 'room for the answer to a batch'];

// Pairs of which the earlier fault is judged before the database is asked are in order-before-database.spec.ts.
describe('the order of checks', () => {
  let to: Judges;
  beforeAll(async () => {
    to = await startJudges();
  });
  afterAll(() => to?.close());

  const expectFirst: Judges['expectFirst'] = (...all) => to.expectFirst(...all);

  it('has a fault here for each step, in the same order', () => {
    const { head, body, write } = ORDER_OF_CHECKS;
    const inForce = [...head, ...body, ...write].filter(({ name }) => !BY_STATE.includes(name));
    expect(FAULT_NAMES).toEqual(inForce.map(({ name }) => name));
    for (const { name, statuses } of inForce) expect(statuses).toContain(faultOf(name).status);
  });

  it.each(FAULT_NAMES)('the fault of %s alone is answered', async (name) => {
    const bases = basesOf(faultOf(name));
    expect(bases).not.toEqual([]);
    await expectFirst(bases, name);
  });

  it.each(SENT_INTO_WRITES)('[A1] %s is answered before %s', async (earlier, later) => {
    await expectFirst(basesOf(faultOf(earlier), faultOf(later)), earlier, later);
  });

  it('no operation judges both faults of a pair that is not sent', () => {
    const left = PAIRS.filter((pair) => !SENT.includes(pair) && !(pair.join(' + ') in EXCLUSIVE));
    const judged = left.filter((pair) =>
      OPERATIONS.some((operation) => pair.every((name) => judges(operation, faultOf(name)))),
    );
    expect(judged).toEqual([]);
    expect(PAIRS).toHaveLength(SENT.length + left.length + Object.keys(EXCLUSIVE).length);
  });

  it('none of them changed anything', async () => {
    const { items } = (await to.service.api.get('/items')).expect(200).json;
    expect(items).toMatchObject([{ id: 'taken', version: 1 }]);
  });

  it('each request is carried out without a fault', async () => {
    const statuses: [BaseName, number][] = [
      ['read', 200],
      ['query', 200],
      ['merge', 200],
      ['patch', 200],
      ['replace', 201],
    ];
    for (const [base, status] of statuses) (await to.answerTo(BASES[base].request)).expect(status);
    (await to.service.api.delete('/items/free', { headers: { 'if-match': '*' } })).expect(204);
    (await to.answerTo(BASES.create.request)).expect(201);
    (await to.answerTo(BASES.remove.request)).expect(204);
  });
});
