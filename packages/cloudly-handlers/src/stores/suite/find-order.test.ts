import { describe, expect, test } from 'vitest';
import type { NodeStore } from '../../fleet/node-store.js';
import { canonicalJson } from '../../fleet/canonical-json.js';
import { findOrder, type MadeCall } from './find-order.js';
import { joinTokenRecord, nodeRecord, NOW_MS } from './fixtures.js';

function setUp(store: NodeStore) {
  return store.addJoinToken(joinTokenRecord('join', { maxUses: 1 }));
}

function create(nodeId: string, [startedAt, endedAt]: [number, number], outcome?: string): MadeCall {
  return {
    label: nodeId,
    run: (store) => store.createNode(nodeRecord(nodeId), NOW_MS),
    startedAt,
    endedAt,
    ...(outcome !== undefined && { outcome: { text: canonicalJson(outcome) } }),
  };
}

async function orderOf(...calls: MadeCall[]) {
  return (await findOrder(setUp, calls))?.map(({ label }) => label);
}

describe('the order of calls', () => {
  test('is the one that explains their results', async () => {
    const order = await orderOf(create('a', [1, 4], 'join-token-not-usable'), create('b', [2, 3], 'created'));
    expect(order).toEqual(['b', 'a']);
  });

  test('never places a call before one that had ended when it started', async () => {
    const order = await orderOf(create('a', [1, 2], 'join-token-not-usable'), create('b', [3, 4], 'created'));
    expect(order).toBeUndefined();
  });

  test('does not exist if both took the only use', async () => {
    expect(await orderOf(create('a', [1, 4], 'created'), create('b', [2, 3], 'created'))).toBeUndefined();
  });

  test('places a call of a dead process where its effect shows, even later than others', async () => {
    const order = await orderOf(
      create('a', [1, Infinity]),
      create('a', [2, 3], 'node-exists'),
      create('b', [4, 5], 'join-token-not-usable'),
    );
    expect(order).toEqual(['a', 'a', 'b']);
  });

  test('omits a call of a process that died before the call took effect', async () => {
    const order = await orderOf(create('a', [1, Infinity]), create('b', [2, 3], 'created'));
    expect(order).toEqual(['b']);
  });
});
