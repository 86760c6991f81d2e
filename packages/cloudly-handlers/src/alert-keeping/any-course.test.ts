import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { type Arbitrary, array, assert, asyncProperty, boolean, constantFrom, nat, oneof, record } from 'fast-check';
import { expect, test } from 'vitest';
import type { FleetStore } from '../fleet-store/fleet-store.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { NOW_MS, superseded } from '../stores/suite/fixtures.js';
import { addMaintenance, alertsAt, keepAll, MINUTE_MS } from '../stores/suite/fleet/alert-fixtures.js';
import {
  addLabelled,
  allEvents,
  asAda,
  deviceStatus,
  heardAt,
  setProfile,
} from '../stores/suite/fleet/fleet-fixtures.js';

const nodeIds = ['a', 'b', 'c', 'd', 'e'] as const;

/** Long enough that everything that is due has been done. */
const SETTLED_MS = 400 * MINUTE_MS;

const anyStep = record({
  waitMinutes: nat(20),
  does: oneof(
    record({ what: constantFrom('hear' as const), nodeId: constantFrom(...nodeIds), isFailing: boolean() }),
    record({ what: constantFrom('clone' as const), nodeId: constantFrom(...nodeIds), isSuspected: boolean() }),
    record({ what: constantFrom('move' as const), nodeId: constantFrom(...nodeIds), site: constantFrom('x', 'y') }),
    record({ what: constantFrom('forget' as const), nodeId: constantFrom(...nodeIds) }),
    record({ what: constantFrom('maintain' as const), minutes: nat(60) }),
    record({ what: constantFrom('nothing' as const) }),
  ),
});

type Step = typeof anyStep extends Arbitrary<infer Value> ? Value : never;

/** Does some steps one after the other, looking after alerts with each. Resolves with the time of the last one. */
async function play(store: FleetStore, steps: readonly Step[]): Promise<number> {
  let nowMs = NOW_MS;
  const sequences = new Map<string, number>();
  for (const nodeId of nodeIds) await addLabelled(store, nodeId, { site: 'x' });
  for (const [index, { waitMinutes, does }] of steps.entries()) {
    nowMs += waitMinutes * MINUTE_MS;
    if (does.what === 'hear') {
      const sequence = (sequences.get(does.nodeId) ?? 0) + 1;
      sequences.set(does.nodeId, sequence);
      const status = {
        ...deviceStatus({ hostname: 'gate', updateFailed: does.isFailing }),
        updates: { mode: 'free' as const },
      };
      await store.saveReport(does.nodeId, heardAt(sequence, nowMs, { status }));
    }
    if (does.what === 'clone') {
      const { node } = (await store.findNode(does.nodeId)) ?? {};
      const { cloneSuspectedAtMs: _before, ...rest } = node ?? {};
      const supersededBoots = [superseded('boot-0', 3)];
      if (node)
        await store.replaceNode({
          ...node,
          ...rest,
          supersededBoots,
          ...(does.isSuspected && { cloneSuspectedAtMs: nowMs }),
        });
    }
    if (does.what === 'move' && (await store.findNode(does.nodeId))) {
      await setProfile(store, does.nodeId, { labels: { site: does.site } });
    }
    if (does.what === 'forget') await store.removeNode(does.nodeId);
    if (does.what === 'maintain') {
      await addMaintenance(store, {
        id: `m${index}`,
        selector: 'label.site=x',
        fromMs: nowMs,
        untilMs: nowMs + (does.minutes + 1) * MINUTE_MS,
      });
    }
    await keepAll(store, nowMs);
  }
  return nowMs;
}

test('whatever happens to nodes, an alert of each kind and node opens and closes in turns', async () => {
  await assert(
    asyncProperty(array(anyStep, { maxLength: 40 }), async (steps) => {
      const store = createMemoryStore();
      const nowMs = await play(store, steps);
      const open = new Set<string>();
      for (const event of await allEvents(store)) {
        if (event.kind === 'node-forgotten') {
          for (const id of open) if (id.endsWith(`:${event.nodeId}`)) open.delete(id);
        }
        if (event.kind !== 'alert-opened' && event.kind !== 'alert-closed') continue;
        const id = `${event.details.alert}:${event.nodeId ?? ('value' in event.details ? event.details.value : '')}`;
        expect(open.has(id)).toBe(event.kind === 'alert-closed');
        if (event.kind === 'alert-opened') open.add(id);
        else open.delete(id);
      }
      const listed = (await alertsAt(store, nowMs)).map(
        ({ kind, node, group }) => `${kind}:${node?.nodeId ?? group?.value}`,
      );
      expect(new Set(listed).size).toBe(listed.length);
      expect(new Set(listed)).toEqual(open);
    }),
    { numRuns: howMany(40, 1000) },
  );
});

test('once nothing happens any more, each condition of a node has its alert, and nothing else has one', async () => {
  await assert(
    asyncProperty(array(anyStep, { maxLength: 30 }), async (steps) => {
      const store = createMemoryStore();
      const settledMs = (await play(store, steps)) + SETTLED_MS;
      for (let minutes = 400; minutes >= 0; minutes -= 20) await keepAll(store, settledMs - minutes * MINUTE_MS);
      const sort = { by: 'id', isDescending: false } as const;
      const { nodes } = await asAda(store).listFleet({ selector: { terms: [] }, sort, limit: 10 });
      for (const { facts, state, alerts } of nodes) {
        const expected = [
          ...(facts.isCloneSuspected ? ['clone-suspected'] : []),
          ...(state === 'offline' ? ['offline'] : []),
          ...(facts.updateState === 'failed' ? ['update-failed'] : []),
        ];
        expect(alerts).toEqual(expected);
      }
    }),
    { numRuns: howMany(25, 500) },
  );
});
