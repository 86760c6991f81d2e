import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import { behaviour, type FleetStoreBehaviour, sharedBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { addNode, heartbeatReport, nodeRecord, NOW_MS, runtimeStatus } from '../fixtures.js';
import { scribbleOver } from '../scribble-over.js';
import { addLabelled, asAda, setProfile } from './fleet-fixtures.js';

export const profileBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('replaces a profile if its revision is the one that was read', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    const operator = asAda(store);
    const before = await operator.findProfile('n');
    if (!before) throw new Error('the profile: expected one, but got undefined');
    const named = { ...before, name: 'Gate', labels: { site: 'berlin' }, notes: 'by the door' };
    expectEqual('replaced', await operator.replaceProfile(named), true);
    expectEqual('found', await operator.findProfile('n'), { ...named, revision: before.revision + 1 });
    expectEqual('with the revision of before', await operator.replaceProfile({ ...named, name: 'Door' }), false);
    expectEqual('of an unknown node', await operator.replaceProfile({ ...named, nodeId: 'm' }), false);
    expectEqual('still', await operator.findProfile('n'), { ...named, revision: before.revision + 1 });
    const bare = { nodeId: 'n', revision: before.revision + 1, labels: {} };
    expectEqual('emptied', await operator.replaceProfile(bare), true);
    expectEqual('empty', await operator.findProfile('n'), { ...bare, revision: before.revision + 2 });
  }),

  behaviour('keeps profile and record apart: neither changes the revision of the other', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    const profile = await asAda(store).findProfile('n');
    await store.saveReport('n', heartbeatReport(1, { status: runtimeStatus('a') }));
    const { node } = (await store.findNode('n')) ?? {};
    if (node) await store.replaceNode({ ...node, revokedAtMs: NOW_MS });
    expectEqual('the profile', await asAda(store).findProfile('n'), profile);
    const record = await store.findNode('n');
    await setProfile(store, 'n', { name: 'Gate' });
    expectEqual('the record', await store.findNode('n'), record);
  }),

  behaviour(
    'never writes a profile of a node that was forgotten to the next one with its ID',
    async (store: FleetStore) => {
      await addNode(store, nodeRecord('n', { revision: 10 }));
      const profile = await asAda(store).findProfile('n');
      await store.removeNode('n');
      await addNode(store, nodeRecord('n', { revision: 10_000 }));
      const outcome = profile && (await asAda(store).replaceProfile({ ...profile, notes: 'of the one before' }));
      expectEqual('replaced', outcome, false);
      expectEqual('its notes', (await asAda(store).findProfile('n'))?.notes, undefined);
    },
  ),

  behaviour('accepts and returns profiles as copies', async (store: FleetStore) => {
    await addLabelled(store, 'n', { site: 'berlin' });
    const operator = asAda(store);
    const before = await operator.findProfile('n');
    const labels = { site: 'bonn' };
    if (before) await operator.replaceProfile({ ...before, labels });
    labels.site = 'changed';
    scribbleOver(await operator.findProfile('n'));
    const { nodes } = await operator.listFleet({
      selector: { terms: [] },
      sort: { by: 'id', isDescending: false },
      limit: 10,
    });
    scribbleOver(nodes);
    expectEqual('its labels', (await operator.findProfile('n'))?.labels, { site: 'bonn' });
    expectEqual('in a list', (await operator.findFleetNodes(['n']))[0]?.labels, { site: 'bonn' });
  }),

  behaviour('keeps any text that people write', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    const written = { name: `Tor "1" \\ 'ä' 😀`, notes: 'first\nsecond\t%_\u2028 third' };
    await setProfile(store, 'n', written);
    const { name, notes } = (await asAda(store).findProfile('n')) ?? {};
    expectEqual('what was written', { name, notes }, written);
  }),

  sharedBehaviour(
    'lets one change of a profile win when two processes start from the same revision',
    async (store: FleetStore, other) => {
      await addLabelled(store, 'n');
      const before = await asAda(store).findProfile('n');
      if (!before) throw new Error('the profile: expected one, but got undefined');
      const outcomes = await Promise.all(
        [store, other, store, other].map((each, index) =>
          asAda(each).replaceProfile({ ...before, name: `by ${index}` }),
        ),
      );
      expectEqual('the winners', outcomes.filter(Boolean).length, 1);
      const after = await asAda(other).findProfile('n');
      expectEqual('the profile', after, {
        ...before,
        revision: before.revision + 1,
        name: `by ${outcomes.indexOf(true)}`,
      });
    },
  ),
];
