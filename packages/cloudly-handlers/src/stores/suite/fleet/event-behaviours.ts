import type { WrittenEvent } from '../../../events/fleet-event.js';
import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import { behaviour, type FleetStoreBehaviour, sharedBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import {
  addNode,
  commandRecord,
  heartbeatReport,
  issued,
  joinTokenRecord,
  nodeRecord,
  NOW_MS,
  runtimeStatus,
} from '../fixtures.js';
import {
  ADA,
  addLabelled,
  allEvents,
  approvedNode,
  asAda,
  BEN,
  by,
  deviceStatus,
  lastPosition,
  setProfile,
  tidyAll,
  toldSince,
} from './fleet-fixtures.js';

const DAY_MS = 24 * 3_600_000;

export const eventBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour('tells what happens to a node, by whom, in its order', async (store: FleetStore) => {
    const operator = asAda(store);
    await operator.addJoinToken(joinTokenRecord('join', { description: 'shop' }));
    await store.createNode(nodeRecord('n'), NOW_MS);
    await operator.replaceNode(approvedNode('n'));
    await store.replaceNode(approvedNode('n', { revision: 2, nextToken: issued('a') }));
    await store.saveReport('n', heartbeatReport(1, { status: deviceStatus({ hostname: 'a', agentVersion: '1.0.0' }) }));
    await store.saveReport('n', heartbeatReport(2, { status: deviceStatus({ hostname: 'a', agentVersion: '1.1.0' }) }));
    await setProfile(store, 'n', { name: 'Gate', labels: { site: 'berlin' } });
    await operator.addCommand('n', commandRecord('c'));
    await store.saveCommandResults('n', [{ id: 'c', outcome: 'succeeded' }], NOW_MS);
    await operator.addCommand('n', commandRecord('d'));
    await operator.cancelCommand('n', 'd', NOW_MS);
    await store.addCommand('n', commandRecord('e'));
    await store.endCommands(NOW_MS + DAY_MS, 10);
    await operator.replaceNode(approvedNode('n', { revision: 3, nextToken: issued('a'), revokedAtMs: NOW_MS }));
    await operator.removeNode('n');
    await operator.revokeJoinToken('join', NOW_MS, 'lost');

    const [node, command] = [{ nodeId: 'n' }, 'update'];
    const none = {};
    expectEqual('what is told', await toldSince(store, 0), [
      { actor: ADA, kind: 'join-token-created', details: { joinTokenId: 'join', uses: 100, description: 'shop' } },
      {
        actor: 'node:n',
        ...node,
        kind: 'node-registered',
        details: { joinTokenId: 'join', isPending: true, approvalCode: 'ABCD1234' },
      },
      { actor: ADA, ...node, kind: 'node-approved', details: none },
      { actor: 'node:n', ...node, kind: 'agent-changed', details: { from: '1.0.0', to: '1.1.0' } },
      { actor: ADA, ...node, kind: 'node-named', details: { to: 'Gate' } },
      { actor: ADA, ...node, kind: 'node-labelled', details: { labels: { site: 'berlin' } } },
      { actor: ADA, ...node, kind: 'command-queued', details: { commandId: 'c', command } },
      {
        actor: 'node:n',
        ...node,
        kind: 'command-finished',
        details: { commandId: 'c', command, outcome: 'succeeded' },
      },
      { actor: ADA, ...node, kind: 'command-queued', details: { commandId: 'd', command } },
      { actor: ADA, ...node, kind: 'command-cancelled', details: { commandId: 'd', command } },
      { actor: 'system', ...node, kind: 'command-queued', details: { commandId: 'e', command } },
      { actor: 'system', ...node, kind: 'command-ended', details: { commandId: 'e', command, state: 'expired' } },
      { actor: ADA, ...node, kind: 'node-revoked', details: none },
      { actor: ADA, ...node, kind: 'node-forgotten', details: { shownName: 'Gate' } },
      { actor: ADA, kind: 'join-token-revoked', details: { joinTokenId: 'join', reason: 'lost' } },
    ]);
  }),

  behaviour('says when something happened: when its caller called, or when the node did', async (store: FleetStore) => {
    await addNode(store, nodeRecord('n'));
    await store.saveReport('n', heartbeatReport(1, { status: runtimeStatus('a') }));
    await asAda(store, NOW_MS + 7).replaceNode(approvedNode('n'));
    const changed = { ...runtimeStatus('a'), agent: { name: 'baserunner', version: '2.0.0' } };
    const report = heartbeatReport(2, { receivedAtMs: NOW_MS + 9, status: changed });
    await store.saveReport('n', report);
    const of = (kind: string) => (event: { kind: string }) => event.kind === kind;
    const events = await allEvents(store);
    expectEqual('the approval', events.find(of('node-approved'))?.atMs, NOW_MS + 7);
    expectEqual('the new agent', events.find(of('agent-changed'))?.atMs, NOW_MS + 9);
    expectEqual('the registration', events.find(of('node-registered'))?.atMs, NOW_MS);
  }),

  behaviour('tells nothing of what does not happen', async (store: FleetStore) => {
    const operator = asAda(store);
    await addLabelled(store, 'n', { site: 'berlin' });
    await operator.addCommand('n', commandRecord('c'));
    await operator.cancelCommand('n', 'c', NOW_MS);
    await store.saveCommandResults('n', [{ id: 'c', outcome: 'succeeded' }], NOW_MS);
    await operator.revokeJoinToken('join', NOW_MS);
    const before = await lastPosition(store);
    await store.createNode(nodeRecord('n'), NOW_MS);
    await store.createNode(nodeRecord('m'), NOW_MS);
    await operator.replaceNode(nodeRecord('n', { revision: 999, revokedAtMs: NOW_MS }));
    await operator.removeNode('m');
    await operator.addCommand('n', commandRecord('c'));
    await operator.addCommand('m', commandRecord('c'));
    await operator.cancelCommand('n', 'c', NOW_MS + 1);
    await store.saveCommandResults('n', [{ id: 'c', outcome: 'failed' }], NOW_MS);
    await store.endCommands(NOW_MS + DAY_MS, 10);
    await operator.revokeJoinToken('join', NOW_MS + 1, 'lost');
    await operator.addJoinToken(joinTokenRecord('join')).catch(() => undefined);
    await operator.removeView('nothing');
    await operator.replaceProfile({ nodeId: 'n', revision: 999, labels: {} });
    await store.saveReport('n', heartbeatReport(1, { bootId: 'other', status: runtimeStatus('a') }));
    expectEqual('what is told', await toldSince(store, before), []);
  }),

  behaviour('numbers events one by one, and pages through them in both directions', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    for (let count = 1; count <= 10; count += 1) await setProfile(store, 'n', { name: `${count}` });
    const operator = asAda(store);
    const all = await allEvents(store);
    const first = all[0]?.position ?? 0;
    expectEqual(
      'the positions',
      all.map(({ position }) => position),
      all.map((_event, index) => first + index),
    );
    const middle = all[5]?.position ?? 0;
    expectEqual('after one', await operator.listEvents({ after: middle, limit: 3 }), all.slice(6, 9));
    expectEqual('before one', await operator.listEvents({ before: middle, limit: 3 }), all.slice(2, 5).toReversed());
    expectEqual('the newest', await operator.listEvents({ limit: 3 }), all.slice(-3).toReversed());
    const between = await operator.listEvents({ after: first, before: middle, limit: 100 });
    expectEqual('between two', between, all.slice(1, 5));
    expectEqual('after the last', await operator.listEvents({ after: all.at(-1)?.position ?? 0, limit: 3 }), []);
  }),

  behaviour('lists events of some kinds, of one node, and for the audit', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    await addLabelled(store, 'm');
    await store.saveReport('n', heartbeatReport(1, { status: deviceStatus({ hostname: 'a', commit: 'one' }) }));
    await store.saveReport('n', heartbeatReport(2, { status: deviceStatus({ hostname: 'a', commit: 'two' }) }));
    await setProfile(store, 'n', { name: 'Gate' });
    const operator = asAda(store);
    const kinds = async (query: object) =>
      (await operator.listEvents({ after: 0, limit: 100, ...query })).map(({ kind }) => kind);
    expectEqual('of two kinds', await kinds({ kinds: ['release-changed', 'node-named'] }), [
      'release-changed',
      'node-named',
    ]);
    expectEqual('of none', await kinds({ kinds: [] }), []);
    expectEqual('of one node', await kinds({ nodeId: 'm' }), ['node-registered']);
    expectEqual('of everyday', await kinds({ isAudit: false }), ['release-changed']);
    const audit = ['join-token-created', 'node-registered', 'node-registered', 'node-named'];
    expectEqual('for the audit', await kinds({ isAudit: true }), audit);
    expectEqual('of nodes', await kinds({ isAudit: true, isOfNode: true }), audit.slice(1));
    expectEqual('of one kind, of nodes', await kinds({ kinds: ['join-token-created'], isOfNode: true }), []);
  }),

  behaviour(
    'begins the timeline of a node at its registration, because IDs are used again',
    async (store: FleetStore) => {
      await addNode(store, nodeRecord('n', { registeredAtMs: NOW_MS }));
      await setProfile(store, 'n', { name: 'first' });
      await store.removeNode('n');
      const timeline = async () =>
        (await asAda(store).listEvents({ nodeId: 'n', after: 0, limit: 100 })).map(({ kind }) => kind);
      expectEqual('of a node that is forgotten', await timeline(), ['node-registered', 'node-named', 'node-forgotten']);
      await store.createNode(nodeRecord('n', { registeredAtMs: NOW_MS + 5000, revision: 700 }), NOW_MS);
      expectEqual('of the next one', await timeline(), ['node-registered']);
      await setProfile(store, 'n', { name: 'second' });
      expectEqual('as it goes on', await timeline(), ['node-registered', 'node-named']);
    },
  ),

  behaviour('hands over what this process has written, once it is stored', async (store: FleetStore) => {
    const heard: WrittenEvent[] = [];
    const stopBroken = store.onWritten(() => {
      throw new Error('What a listener throws must fail no operation');
    });
    const stop = store.onWritten((events) => void heard.push(...events));
    await addNode(store, nodeRecord('n'));
    stopBroken();
    await asAda(store).replaceNode(approvedNode('n'));
    const kinds = heard.map(({ kind, actor }) => `${kind} by ${actor}`);
    stop();
    await setProfile(store, 'n', { name: 'Gate' });
    expectEqual(
      'what it heard',
      kinds.toSorted((one, other) => (one < other ? -1 : 1)),
      ['join-token-created by system', 'node-approved by operator:ada', 'node-registered by node:n'],
    );
    expectEqual('after it has stopped listening', heard.length, 3);
  }),

  sharedBehaviour(
    'has one order of events for every reader while two processes write',
    async (store: FleetStore, other) => {
      const nodeIds = Array.from({ length: 8 }, (_, index) => `n${index}`);
      for (const nodeId of nodeIds) await addLabelled(store, nodeId);
      const from = await lastPosition(store);
      let isOver = false;
      const follow = async (reader: FleetStore) => {
        const read: unknown[] = [];
        let after = from;
        for (;;) {
          const wasOver = isOver;
          const page = await asAda(reader).listEvents({ after, limit: 5 });
          read.push(...page);
          after = page.at(-1)?.position ?? after;
          if (wasOver && page.length === 0) return read;
        }
      };
      const readers = [follow(store), follow(other)];
      const write = async (nodeId: string, index: number) => {
        for (let count = 0; count < 5; count += 1) {
          await setProfile(index % 2 ? store : other, nodeId, { name: `${nodeId} ${count}` });
        }
      };
      await Promise.all(nodeIds.map(write));
      isOver = true;
      const [one, another] = await Promise.all(readers);
      const all = (await allEvents(store)).filter(({ position }) => position > from);
      expectEqual('how many', all.length, 40);
      expectEqual('what one reader read', one, all);
      expectEqual('what the other one read', another, all);
      const names = all.flatMap((event) => (event.kind === 'node-named' ? [event.details.to ?? ''] : []));
      for (const nodeId of nodeIds) {
        const own = names.filter((name) => name.startsWith(`${nodeId} `));
        expectEqual(
          `the order of ${nodeId}`,
          own,
          [0, 1, 2, 3, 4].map((count) => `${nodeId} ${count}`),
        );
      }
    },
  ),

  sharedBehaviour(
    'shows an event to every process as soon as its change is acknowledged',
    async (store: FleetStore, other) => {
      await addNode(store, nodeRecord('n'));
      for (let count = 0; count < 5; count += 1) {
        await setProfile(count % 2 ? store : other, 'n', { name: `${count}` });
        const [last] = await asAda(count % 2 ? other : store).listEvents({ limit: 1 });
        expectEqual('the last event', last?.kind === 'node-named' && last.details.to, `${count}`);
      }
    },
  ),

  behaviour('has an epoch, and another one after data was lost', async (store: FleetStore) => {
    await addNode(store, nodeRecord('n'));
    const before = await store.eventsEpoch();
    expectEqual('asked again', await store.eventsEpoch(), before);
    const position = await lastPosition(store);
    await store.renewEvents(NOW_MS - DAY_MS, by(BEN));
    expectEqual('the same afterwards', (await store.eventsEpoch()) === before, false);
    const details = { takenAtMs: NOW_MS - DAY_MS };
    expectEqual('what is told', await toldSince(store, position), [{ actor: BEN, kind: 'fleet-recovered', details }]);
  }),

  {
    name: 'keeps its epoch, its events and what operators wrote when it is closed and opened again',
    async run(openStore) {
      const { store, openAgain, close } = await openStore();
      const read = async (from: FleetStore) => [
        await from.eventsEpoch(),
        await allEvents(from),
        await asAda(from).findProfile('n'),
        await asAda(from).findFleetNodes(['n']),
      ];
      await addLabelled(store, 'n', { site: 'berlin' });
      await store.saveReport('n', heartbeatReport(1, { status: deviceStatus({ hostname: 'a', commit: 'one' }) }));
      await store.saveReport('n', heartbeatReport(2, { status: deviceStatus({ hostname: 'a', commit: 'two' }) }));
      const expected = await read(store);
      await close();
      if (!openAgain) return;
      const again = await openAgain();
      const actual = await read(again.store);
      await again.close();
      expectEqual('what it has', actual, expected);
    },
  },

  behaviour(
    'drops events of everyday after 90 days and the others after two years, and uses no position again',
    async (store: FleetStore) => {
      await addLabelled(store, 'n');
      await store.saveReport('n', heartbeatReport(1, { status: deviceStatus({ hostname: 'a', commit: 'one' }) }));
      await store.saveReport('n', heartbeatReport(2, { status: deviceStatus({ hostname: 'a', commit: 'two' }) }));
      const kinds = async () => (await allEvents(store)).map(({ kind }) => kind);
      const audit = ['join-token-created', 'node-registered'];
      await tidyAll(store, NOW_MS + 89 * DAY_MS);
      expectEqual('after 89 days', await kinds(), [...audit, 'release-changed']);
      await tidyAll(store, NOW_MS + 91 * DAY_MS);
      expectEqual('after 91 days', await kinds(), audit);
      await tidyAll(store, NOW_MS + 729 * DAY_MS);
      expectEqual('after 729 days', await kinds(), audit);
      const last = await lastPosition(store);
      await tidyAll(store, NOW_MS + 732 * DAY_MS);
      expectEqual('after 732 days', await kinds(), []);
      await setProfile(store, 'n', { name: 'Gate' });
      expectEqual('the next position is a new one', (await lastPosition(store)) > last, true);
    },
  ),
];
