import { createFleet, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { ada, berliner } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-callers';
import {
  addNode,
  joinTokenRecord,
  nodeRecord,
  NOW_MS,
} from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-records';
import { describe, expect, test } from 'vitest';
import { serveFleet } from '../../test/fixtures/remote-fleet.js';

async function setUp(nodeCount = 2) {
  const store = createMemoryStore();
  await store.addJoinToken(joinTokenRecord('join', { maxUses: 5000, labels: { site: 'berlin' } }));
  for (let index = 1; index <= nodeCount; index += 1) {
    await addNode(store, nodeRecord(`n${String(index).padStart(4, '0')}`));
  }
  const fleet = createFleet({ store, now: () => NOW_MS });
  const { api, tokenOf } = serveFleet(fleet);
  const get = (query: string, caller = ada) =>
    api.fetch(
      new Request(`http://c/api/v1/nodes.csv${query}`, { headers: { authorization: `Bearer ${tokenOf(caller)}` } }),
    );
  return { api, fleet, get };
}

describe('nodes as a file', () => {
  test('are to be saved, with the columns that were asked for', async () => {
    const { fleet, get } = await setUp();
    await fleet.rename(ada, 'n0001', '=HYPERLINK("http://evil.example")');
    const response = await get('?columns=name,id,label.site,state&sort=-id');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="nodes.csv"');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe(
      [
        'name,id,label.site,state',
        'n0002,n0002,berlin,pending',
        `"'=HYPERLINK(""http://evil.example"")",n0001,berlin,pending`,
        '',
      ].join('\n'),
    );
  });

  test('are all that the selector matches, page by page', async () => {
    const { get } = await setUp(2100);
    const lines = (await (await get('?columns=id')).text()).trimEnd().split('\n');
    expect(lines).toHaveLength(2101);
    expect(new Set(lines).size).toBe(2101);
    expect(await (await get('?columns=id&selector=id%3Dn2100')).text()).toBe('id\nn2100\n');
  });

  test('have all columns unless some are chosen, and only nodes in scope', async () => {
    const { fleet, get } = await setUp();
    await fleet.label({ ...ada, role: 'admin' }, 'n0001', { site: 'bonn' });
    const [heading = '', ...lines] = (await (await get('', berliner)).text()).trimEnd().split('\n');
    expect(heading.split(',')).toContain('registered');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('n0002');
  });

  test.each([
    ['?columns=colour', 'malformed-request'],
    ['?sort=colour', 'malformed-request'],
    ['?selector=label.', 'selector-invalid'],
  ])('are a problem for %s: %s', async (query, code) => {
    const { get } = await setUp();
    const response = await get(query);
    expect(response.headers.get('content-disposition')).toBeNull();
    expect(await response.json()).toMatchObject({ code });
  });

  test('are read no faster than they are sent, and cut off when the server shuts down', async () => {
    const { api, get } = await setUp(2100);
    const reader = (await get('?columns=id')).body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await api.drain();
    await expect(reader?.read()).rejects.toThrow('The server is shutting down');
  });
});
