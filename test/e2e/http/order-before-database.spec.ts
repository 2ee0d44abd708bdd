import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  answerOf,
  EXCLUSIVE,
  faultOf,
  OF_HEAD,
  REQUIRED,
  SENT_BEFORE_DATABASE,
  startJudges,
  type Judges,
} from '../../support/requests/judges.js';
import { basesOf, codeOf, FAULTS, spoilt, type BaseName } from '../../support/requests/spoilt-requests.js';
import { startStopping } from '../../support/stopping-app.js';
import { listenOnly } from '../../support/test-app.js';
import { sized } from '../../support/test-size.js';

/** How many kinds of requests have the faults of a pair. One list of checks judges every head, so these come in turn. */
const KINDS = sized(1, Infinity);

describe('the order of checks before the database', () => {
  let to: Judges;
  beforeAll(async () => {
    to = await startJudges();
  });
  afterAll(() => to?.close());

  const expectFirst: Judges['expectFirst'] = (...all) => to.expectFirst(...all);

  const earlier = [...new Set(SENT_BEFORE_DATABASE.map(([name]) => name))];
  it.each(earlier)('[A1] %s is answered before each fault that is judged later', async (name) => {
    const later = SENT_BEFORE_DATABASE.flatMap(([first, second]) => (first === name ? [second] : []));
    for (const [at, second] of later.entries()) {
      const bases = basesOf(faultOf(name), faultOf(second));
      const start = at % bases.length;
      const inTurn = [...bases.slice(start), ...bases.slice(0, start)];
      // After the head operations differ.
      await expectFirst(OF_HEAD.includes(second) ? inTurn.slice(0, KINDS) : bases, name, second);
    }
  });

  it.each(Object.entries(EXCLUSIVE))('%s: no request can have both', async (_, commit) => {
    const message = spoilt('create');
    commit(message);
    (await to.answerTo(message)).expect(400, 'malformed-request');
  });

  it('[A1] during the start only faults are answered that are judged before it', async () => {
    const starting = await listenOnly(REQUIRED);
    for (const [name, fault] of Object.entries(FAULTS)) {
      const [base] = basesOf(fault) as [BaseName];
      const answer = await answerOf(starting, spoilt(base, fault));
      const isEarlier = OF_HEAD.includes(name) && OF_HEAD.indexOf(name) < OF_HEAD.indexOf('start');
      if (isEarlier) answer.expect(fault.status, codeOf(fault, base));
      else answer.expect(503, 'starting');
    }
    await starting.close();
  });

  it('[A1] while the service stops only faults are answered that are judged before it', async () => {
    const stopping = await startStopping(REQUIRED);
    for (const [name, fault] of Object.entries(FAULTS)) {
      const [base] = basesOf(fault) as [BaseName];
      const answer = await answerOf(stopping, spoilt(base, fault));
      const isEarlier = OF_HEAD.includes(name) && OF_HEAD.indexOf(name) < OF_HEAD.indexOf('drain');
      if (isEarlier) answer.expect(fault.status, codeOf(fault, base));
      else answer.expect(503, 'shutting-down');
    }
    expect((await stopping.finish()).statusCode).toBe(201);
  });

  it('none of them changed anything', async () => {
    const { items } = (await to.service.api.get('/items')).expect(200).json;
    expect(items).toMatchObject([{ id: 'taken', version: 1 }]);
  });
});
