import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { assert, asyncProperty, boolean, constantFrom, record } from 'fast-check';
import { expect, test } from 'vitest';
import { sampleFleet } from '../../../test/fixtures/any-fleet-node.js';
import { anyScope, anySelector } from '../../../test/fixtures/any-selector.js';
import { stores } from '../../../test/fixtures/stores.js';
import type { FleetNode } from '../../fleet-store/fleet-node.js';
import { countFields, type FleetStore, sortKeys } from '../../fleet-store/fleet-store.js';
import { isInScope, matches } from '../../selector/matches.js';
import { asAda, by, deviceStatus, everyNode, heardAt, setProfile } from '../suite/fleet/fleet-fixtures.js';
import { addNode, nodeRecord, NOW_MS } from '../suite/fixtures.js';

const DAY_MS = 86_400_000;

/** Nodes with odd names, as if they had registered and reported. */
async function fillStore(store: FleetStore): Promise<void> {
  for (const [index, { facts, labels, quietSinceMs }] of sampleFleet(40).entries()) {
    const { nodeId, approval, isCloneSuspected, hostname = 'gate', name } = facts;
    const isApproved = approval !== 'pending';
    await addNode(
      store,
      nodeRecord(nodeId, {
        registeredAtMs: NOW_MS - facts.registeredAtMs,
        ...(isApproved && { approvedAtMs: NOW_MS }),
        ...(isCloneSuspected && { cloneSuspectedAtMs: NOW_MS }),
      }),
    );
    const status = deviceStatus({ hostname, ...deviceOf(facts) });
    if (quietSinceMs !== undefined)
      await store.saveReport(nodeId, heardAt(1, NOW_MS - (index % 5) * DAY_MS, { status }));
    await setProfile(store, nodeId, { ...(name !== undefined && { name }), labels });
  }
  while ((await store.sweep({ nowMs: NOW_MS, upSinceMs: 0, limit: 100 })).isMore);
}

function deviceOf({ uuid, deviceType, osVersion, agentVersion, supervisorVersion, commit }: FleetNode['facts']) {
  return {
    ...(uuid !== undefined && { uuid }),
    ...(deviceType !== undefined && { type: deviceType }),
    ...(osVersion !== undefined && { osVersion }),
    ...(agentVersion !== undefined && { agentVersion }),
    ...(supervisorVersion !== undefined && { supervisorVersion }),
    ...(commit !== undefined && { commit }),
  };
}

test('all stores list and count the same nodes in the same order', async () => {
  const opened = await Promise.all(stores.map(({ openStore }) => openStore()));
  for (const store of opened) await fillStore(store);
  const [first] = opened;
  if (!first) throw new Error('There are no stores');
  const byId = { by: 'id', isDescending: false } as const;
  const { nodes } = await asAda(first).listFleet({ selector: everyNode, sort: byId, limit: 100 });
  const anySort = record({ by: constantFrom(...sortKeys), isDescending: boolean() });

  await assert(
    asyncProperty(
      anySelector,
      anyScope,
      anySort,
      constantFrom(...countFields),
      async (selector, scope, sort, field) => {
        const expected = nodes.filter((node) => matches(selector, node, NOW_MS) && isInScope(scope, node.labels));
        const found = await Promise.all(
          opened.map(async (store) => {
            const operator = store.as(by('operator:ada', { scope }));
            const page = await operator.listFleet({ selector, sort, limit: 100 });
            return { page, counts: await operator.countFleetBy(field, { selector, limit: 100 }) };
          }),
        );
        const [one, ...others] = found;
        expect(one?.page.nodes.toSorted(inOrderOfIds)).toEqual(expected);
        for (const other of others) expect(other).toEqual(one);
      },
    ),
    { numRuns: howMany(60, 3000) },
  );
});

function inOrderOfIds(one: FleetNode, other: FleetNode): number {
  return one.facts.nodeId < other.facts.nodeId ? -1 : 1;
}
