import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import { factsOf } from '../../../facts/facts-of.js';
import type { NodeFacts } from '../../../facts/node-facts.js';
import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import { behaviour, type FleetStoreBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import {
  addNode,
  heartbeatReport,
  joinTokenRecord,
  nodeRecord,
  NOW_MS,
  runtimeStatus,
  superseded,
  vitals,
} from '../fixtures.js';
import { addLabelled, asAda, deviceStatus, listed, setProfile } from './fleet-fixtures.js';

const GIB = 2 ** 30;

export const factBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour(
    'derives the facts of a node with every change of its record, its status and its profile',
    async (store: FleetStore) => {
      await addNode(store, nodeRecord('n'));
      await expectDerived(store, 'once it is created');
      await store.replaceNode(nodeRecord('n', { approvedAtMs: NOW_MS }));
      await expectDerived(store, 'once it is approved');
      await store.saveReport('n', heartbeatReport(0, { status: runtimeStatus('gate-1') }));
      await expectDerived(store, 'with the status of its registration');
      await setProfile(store, 'n', { name: 'Gate 1', labels: { site: 'Berlin' } });
      await expectDerived(store, 'once it is named and labelled');
      await store.saveReport('n', heartbeatReport(1, { status: fullStatus('gate-2') }));
      await expectDerived(store, 'with the status of a heartbeat');
      await asAda(store).replaceNode(nodeRecord('n', { revision: 2, approvedAtMs: NOW_MS, revokedAtMs: NOW_MS }));
      await expectDerived(store, 'once an operator has revoked it');
    },
  ),

  behaviour('keeps facts as they are with what changes none of them', async (store: FleetStore) => {
    await addLabelled(store, 'n', { site: 'berlin' });
    await store.saveReport('n', heartbeatReport(1, { status: fullStatus('gate-1') }));
    const { facts } = await listed(store, 'n');
    await store.saveReport('n', heartbeatReport(2));
    await store.saveReport('n', heartbeatReport(1, { status: runtimeStatus('late') }));
    await store.saveReport('n', heartbeatReport(3, { bootId: 'other', status: runtimeStatus('other') }));
    await store.replaceNode(nodeRecord('n', { revision: 999 }));
    expectEqual('the facts', (await listed(store, 'n')).facts, facts);
  }),

  behaviour('knows the free storage of a node in steps, by its status and its vitals', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    const status = deviceStatus({ hostname: 'a', storageTotalBytes: 100 * GIB });
    const free = (storageFreeGib: number) => ({ vitals: vitals({ storageFreeBytes: storageFreeGib * GIB }) });
    const percent = async () => (await listed(store, 'n')).facts.freeStoragePercent;
    await store.saveReport('n', heartbeatReport(1, free(52)));
    expectEqual('while its size is not known', await percent(), undefined);
    await store.saveReport('n', heartbeatReport(2, { ...free(52), status }));
    expectEqual('of 52 of 100 GiB', await percent(), 50);
    await store.saveReport('n', heartbeatReport(3, free(8)));
    expectEqual('of 8 of 100 GiB', await percent(), 5);
  }),

  behaviour('shows while two devices are suspected to use an identity', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    const { isCloneSuspected: before } = (await listed(store, 'n')).facts;
    const suspected = nodeRecord('n', {
      approvedAtMs: NOW_MS,
      supersededBoots: [superseded('boot-0', 3)],
      cloneSuspectedAtMs: NOW_MS,
    });
    await store.replaceNode(suspected);
    const { isCloneSuspected } = (await listed(store, 'n')).facts;
    expectEqual('before and while', [before, isCloneSuspected], [false, true]);
  }),

  behaviour('gives a node the labels of its join token', async (store: FleetStore) => {
    await store.addJoinToken(joinTokenRecord('berlin', { labels: { site: 'berlin', floor: '2' } }));
    await store.createNode(nodeRecord('n', { joinTokenId: 'berlin' }), NOW_MS);
    const labels = { floor: '2', site: 'berlin' };
    expectEqual('in its profile', (await asAda(store).findProfile('n'))?.labels, labels);
    expectEqual('in a list', (await listed(store, 'n')).labels, labels);
    await expectDerived(store, 'with the labels of its join token');
  }),

  behaviour('keeps nothing of a node that is forgotten for the next one with its ID', async (store: FleetStore) => {
    await addLabelled(store, 'n', { site: 'berlin' });
    await setProfile(store, 'n', { name: 'Gate', notes: 'by the door' });
    await store.saveReport('n', heartbeatReport(1, { status: fullStatus('gate-1') }));
    await store.removeNode('n');
    expectEqual('in a list', await asAda(store).findFleetNodes(['n']), []);
    expectEqual('its profile', await asAda(store).findProfile('n'), undefined);
    await addNode(store, nodeRecord('n', { revision: 500 }));
    const { facts, labels, state } = await listed(store, 'n');
    expectEqual('its facts', facts, factsOf({ node: nodeRecord('n', { revision: 500 }), profile: { labels: {} } }));
    expectEqual('its labels and state', { labels, state }, { labels: {}, state: 'pending' });
    const { name, notes } = (await asAda(store).findProfile('n')) ?? {};
    expectEqual('its name and notes', { name, notes }, {});
  }),
];

function fullStatus(hostname: string): RuntimeStatus {
  return deviceStatus({
    hostname,
    uuid: 'abc123',
    type: 'raspberrypi4-64',
    osVersion: 'balenaOS 6.0.24',
    commit: 'c0ffee',
  });
}

async function expectDerived(store: FleetStore, when: string): Promise<void> {
  const stored = await store.findNode('n');
  const profile = await asAda(store).findProfile('n');
  if (!stored || !profile) throw new Error(`the node ${when}: expected it with a profile, but got none`);
  const status = (await store.findStatus('n'))?.status;
  const facts: NodeFacts = factsOf({ node: stored.node, status, profile });
  expectEqual(`the facts ${when}`, (await listed(store, 'n')).facts, facts);
}
