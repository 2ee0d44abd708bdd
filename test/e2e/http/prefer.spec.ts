import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';

const MINIMAL = { prefer: 'return=minimal' };
const WHOLE = { prefer: 'return=representation' };
const CONTENT_FIELDS = ['content-type', 'content-location'];

describe('Prefer', () => {
  let service: TestApp;
  beforeAll(async () => {
    service = await startTestApp();
    (await service.api.put('/items/e', { name: 'x' })).expect(201);
  });
  afterAll(() => service?.close());

  it('[O2] 201 without a body for POST and PUT that create, 204 for PUT and PATCH that change', async () => {
    const post = (await service.api.post('/items', { id: 'o2', name: 'x' }, { headers: MINIMAL })).expect(201);
    expect(post.headers).toMatchObject({ location: '/items/o2', 'content-length': '0' });
    expect(post.headers.etag).toBe(await service.api.entityTagOf('/items/o2'));
    const created = (await service.api.put('/items/o2-put', { name: 'x' }, { headers: MINIMAL })).expect(201);
    expect(created.headers).not.toHaveProperty('etag');
    const replaced = (await service.api.put('/items/o2-put', { name: 'y' }, { headers: MINIMAL })).expect(204);
    expect(replaced.headers).not.toHaveProperty('etag');
    const patched = (await service.api.patch('/items/o2-put', { name: 'z' }, { headers: MINIMAL })).expect(204);
    expect(patched.headers.etag).toBe(await service.api.entityTagOf('/items/o2-put'));
    for (const answer of [post, created, replaced, patched]) {
      expect(answer.headers['preference-applied']).toBe('return=minimal');
      expect(answer.text).toBe('');
      for (const name of CONTENT_FIELDS) expect(answer.headers).not.toHaveProperty(name);
    }
    expect((await service.api.get('/items/o2-put')).expect(200).json).toMatchObject({ name: 'z', version: 3 });
  });

  it('[O2] 204 for a PUT that changes nothing', async () => {
    const tag = await service.api.entityTagOf('/items/e');
    (await service.api.put('/items/e', { name: 'x' }, { headers: MINIMAL })).expect(204);
    expect(await service.api.entityTagOf('/items/e')).toBe(tag);
  });

  it('[O3] the item with Content-Location for return=representation', async () => {
    const post = (await service.api.post('/items', { id: 'o3', name: 'x' }, { headers: WHOLE })).expect(201);
    const put = (await service.api.put('/items/o3', { name: 'y' }, { headers: WHOLE })).expect(200);
    const patch = (await service.api.patch('/items/o3', { name: 'z' }, { headers: WHOLE })).expect(200);
    for (const answer of [post, put, patch]) {
      expect(answer.headers).toMatchObject({
        'content-location': '/items/o3',
        'preference-applied': 'return=representation',
      });
      expect(answer.json.id).toBe('o3');
    }
  });

  it.each(['respond-async, wait=10', 'handling=strict', 'return', 'return=none', '"', ',', '', 'x'.repeat(2_000)])(
    '[O1] %s is ignored',
    async (prefer) => {
      const answer = (await service.api.put('/items/e', { name: 'x' }, { headers: { prefer } })).expect(200);
      expect(answer.headers).not.toHaveProperty('preference-applied');
    },
  );

  it('[O4] of two the first counts, also in two fields', async () => {
    for (const prefer of ['return=minimal, return=representation', ['return=minimal', 'return=representation']]) {
      (await service.api.put('/items/e', { name: 'x' }, { headers: { prefer } })).expect(204);
    }
    (
      await service.api.put('/items/e', { name: 'x' }, { headers: { prefer: 'return=representation, return=minimal' } })
    ).expect(200);
  });

  it('[O5] Vary has Prefer on every answer of operations that follow it, problems too', async () => {
    const answers = [
      (await service.api.put('/items/e', { name: 'x' })).expect(200),
      (await service.api.put('/items/e', { name: 'x' }, { headers: MINIMAL })).expect(204),
      (await service.api.put('/items/e', {})).expect(400, 'invalid-body'),
      (await service.api.patch('/items/none', {})).expect(404, 'item-not-found'),
      (await service.api.post('/items', { id: 'e', name: 'x' })).expect(409, 'item-exists'),
    ];
    for (const { headers } of answers) expect(headers.vary).toMatch(/\bPrefer\b/);
  });

  it('GET and DELETE follow no preference', async () => {
    const get = (await service.api.get('/items/e', { headers: MINIMAL })).expect(200);
    expect(get.headers).not.toHaveProperty('preference-applied');
    expect(get.headers.vary).not.toMatch(/Prefer/);
    (await service.api.put('/items/to-delete', { name: 'x' })).expect(201);
    const gone = (await service.api.delete('/items/to-delete', { headers: WHOLE })).expect(204);
    expect(gone.headers).not.toHaveProperty('preference-applied');
  });

  it('a refused change has the whole problem with any preference', async () => {
    const headers = { ...MINIMAL, 'if-match': '"9"' };
    const refused = (await service.api.put('/items/e', { name: 'y' }, { headers })).expect(412, 'precondition-failed');
    expect(refused.json.currentVersion).toBe(1);
    expect(refused.headers).not.toHaveProperty('preference-applied');
  });
});
