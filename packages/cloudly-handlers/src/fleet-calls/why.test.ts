import { expect, test } from 'vitest';
import { ada, berliner, codeOf, vic } from '../../test/fixtures/fleet-callers.js';
import { OTHER_ID, rolloutFleet, ROLLOUT_ID } from '../../test/fixtures/rollout-fleet.js';
import { createMemoryStore } from '../stores/memory/memory-store.js';
import { addLabelled } from '../stores/suite/fleet/fleet-fixtures.js';
import { addNode, nodeRecord, NOW_MS } from '../stores/suite/fixtures.js';
import { describeReason } from '../why/describe-reason.js';
import type { Caller } from './caller.js';

async function setUp() {
  const all = await rolloutFleet(createMemoryStore());
  const told = async (caller: Caller, nodeId: string) =>
    (await all.fleet.why(caller, nodeId)).reasons.map((reason) => describeReason(reason));
  return { ...all, told };
}

test('a node in no rollout has nothing in its way, or says what', async () => {
  const { store, told } = await setUp();
  expect(await told(vic, 'a')).toEqual([]);
  await addLabelled(store, 'new', {});
  expect(await told(vic, 'new')).toEqual(['It has sent no heartbeat yet']);
});

test('those who may only look see no approval code', async () => {
  const { fleet, store } = await setUp();
  await addNode(store, nodeRecord('pending'));
  expect((await fleet.why(vic, 'pending')).reasons).toEqual([{ code: 'node-pending', sinceMs: NOW_MS }]);
  expect((await fleet.why(ada, 'pending')).reasons).toEqual([
    { code: 'node-pending', sinceMs: NOW_MS, approvalCode: 'ABCD1234' },
  ]);
});

test('members say what holds them, by the limits that count', async () => {
  const { list, run, start, states, told } = await setUp();
  await start(ada, { limits: { maxInFlight: 10, perGroup: { label: 'site', max: 1 } } });
  const [[offered] = [''], [held] = ['']] = Object.entries(await states(ada)).toSorted(([, one], [, other]) =>
    one < other ? 1 : -1,
  );
  expect(await told(vic, held)).toEqual(['Rollout autumn: held: site berlin has 1 of 1 in flight']);
  expect(await told(vic, offered)).toEqual([
    'Rollout autumn: offered in wave 1: its next heartbeat gets the command',
    'Command update waits for its next heartbeat',
  ]);
  await list(offered);
  await run();
  expect(await told(vic, offered)).toEqual([
    'Rollout autumn: running in wave 1',
    'Command update was sent to it, and it has not reported on it yet',
  ]);
});

test('a member of two rollouts says which one holds it', async () => {
  const { start, told } = await setUp();
  await start(ada, { id: OTHER_ID, name: 'spring', selector: 'id=a' });
  await start(berliner, { id: ROLLOUT_ID });
  const [ofSpring, ofAutumn, ofCommand] = await told(vic, 'a');
  expect([ofSpring, ofCommand]).toEqual([
    'Rollout spring: offered in wave 1: its next heartbeat gets the command',
    'Command update waits for its next heartbeat',
  ]);
  expect(ofAutumn).toContain('Rollout autumn: deferred: rollout spring holds it; skipped if that lasts until');
  // For somebody with a scope, there are no rollouts of others.
  expect((await told(berliner, 'a'))[0]).toContain('Rollout autumn: deferred: another rollout holds it');
});

test('there is no reason for a node that there is not', async () => {
  const { fleet, store } = await setUp();
  await addLabelled(store, 'z', { site: 'bonn' });
  expect(await codeOf(fleet.why(berliner, 'z'))).toBe('node-unknown');
  expect(await codeOf(fleet.why(vic, 'nobody'))).toBe('node-unknown');
});
