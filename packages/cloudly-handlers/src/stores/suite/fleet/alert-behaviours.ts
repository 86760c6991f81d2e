import type { RuntimeStatus } from '@serve.zone/baseos-contracts';
import type { AlertCursor } from '../../../fleet-store/alert.js';
import type { FleetStore } from '../../../fleet-store/fleet-store.js';
import { behaviour, type FleetStoreBehaviour, sharedBehaviour } from '../behaviour.js';
import { expectEqual } from '../expect-equal.js';
import { addNode, nodeRecord, NOW_MS, superseded } from '../fixtures.js';
import {
  addHeard,
  addPending,
  ALERT_AT_MS,
  alertIdsAt,
  alertsAt,
  alertsToldSince,
  keepAll,
  MINUTE_MS,
  OFFLINE_AT_MS,
} from './alert-fixtures.js';
import {
  ADA,
  addLabelled,
  asAda,
  BEN,
  by,
  deviceStatus,
  everyNode,
  heardAt,
  lastPosition,
  listed,
  scopeOf,
} from './fleet-fixtures.js';

export const alertBehaviours: readonly FleetStoreBehaviour[] = [
  behaviour(
    'opens an alert once its condition has lasted, and closes it once that is gone for long',
    async (store: FleetStore) => {
      await addHeard(store, '', 'n');
      const before = await lastPosition(store);
      await keepAll(store, OFFLINE_AT_MS);
      expectEqual('at first', await alertIdsAt(store, OFFLINE_AT_MS), []);
      await keepAll(store, ALERT_AT_MS);
      const open = { id: 'offline:n', kind: 'offline', urgency: 'high', sinceMs: NOW_MS, openedAtMs: ALERT_AT_MS };
      const node = { nodeId: 'n', labels: {} };
      expectEqual('then', await alertsAt(store, ALERT_AT_MS), [{ ...open, node }]);
      expectEqual('the node', (await listed(store, 'n')).alerts, ['offline']);
      const backAtMs = ALERT_AT_MS + MINUTE_MS;
      await store.saveReport('n', heardAt(2, backAtMs));
      await keepAll(store, backAtMs);
      const closesAtMs = backAtMs + 5 * MINUTE_MS;
      expectEqual('once it is back', await alertsAt(store, backAtMs), [{ ...open, closesAtMs, node }]);
      await store.saveReport('n', heardAt(3, closesAtMs - 1));
      await keepAll(store, closesAtMs);
      expectEqual('later', await alertIdsAt(store, closesAtMs), []);
      expectEqual('the node later', (await listed(store, 'n')).alerts, []);
      const told = { alert: 'offline', urgency: 'high' } as const;
      expectEqual('what is told', await alertsToldSince(store, before), [
        { actor: 'system', nodeId: 'n', kind: 'alert-opened', details: { ...told, sinceMs: NOW_MS } },
        { actor: 'system', nodeId: 'n', kind: 'alert-closed', details: { ...told, openedAtMs: ALERT_AT_MS } },
      ]);
    },
  ),

  behaviour('opens no alert for a condition that does not last', async (store: FleetStore) => {
    await addHeard(store, '', 'n');
    const before = await lastPosition(store);
    await keepAll(store, OFFLINE_AT_MS);
    await store.saveReport('n', heardAt(2, OFFLINE_AT_MS + MINUTE_MS));
    await keepAll(store, ALERT_AT_MS);
    expectEqual('what is told', await alertsToldSince(store, before), []);
  }),

  behaviour('keeps an alert open while its condition comes and goes', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    const report = async (sequence: number, updateFailed: boolean): Promise<void> => {
      const nowMs = NOW_MS + sequence * 9 * MINUTE_MS;
      const status = failingStatus(updateFailed);
      await store.saveReport('n', heardAt(sequence, nowMs, { status, expectedByMs: nowMs + 60 * MINUTE_MS }));
      await keepAll(store, nowMs);
    };
    const before = await lastPosition(store);
    for (let sequence = 1; sequence <= 6; sequence += 1) await report(sequence, true);
    for (let sequence = 7; sequence <= 12; sequence += 1) await report(sequence, sequence % 2 === 0);
    const told = (await alertsToldSince(store, before)).map(({ kind }) => kind);
    expectEqual('what is told', told, ['alert-opened']);
  }),

  behaviour('has alerts by what a node reports and by what its record says', async (store: FleetStore) => {
    await addPending(store, 'waiting');
    await addLabelled(store, 'n');
    const { node } = (await store.findNode('n')) ?? {};
    if (node) {
      const supersededBoots = [superseded('boot-0', 3)];
      await store.replaceNode({ ...node, supersededBoots, cloneSuspectedAtMs: NOW_MS });
    }
    const status = failingStatus(true);
    const laterMs = NOW_MS + 31 * MINUTE_MS;
    await store.saveReport('n', heardAt(1, NOW_MS, { status, expectedByMs: laterMs }));
    await keepAll(store, NOW_MS);
    expectEqual('at once', await alertIdsAt(store, NOW_MS), ['clone-suspected:n', 'pending-approval:waiting']);
    await keepAll(store, laterMs);
    expectEqual('the node later', (await listed(store, 'n')).alerts, ['clone-suspected', 'update-failed']);
  }),

  behaviour('closes the alert of a crash loop by time alone', async (store: FleetStore) => {
    await addLabelled(store, 'n');
    const { node } = (await store.findNode('n')) ?? {};
    const supersededBoots = [1, 2, 3, 4, 5].map((index) =>
      Object.assign(superseded(`boot-0${index}`, index), { supersededAtMs: NOW_MS - index * MINUTE_MS }),
    );
    if (node) await store.replaceNode({ ...node, supersededBoots });
    const overAtMs = NOW_MS + 59 * MINUTE_MS;
    await keepAll(store, NOW_MS);
    await keepAll(store, overAtMs - 1);
    expectEqual('within an hour', await alertIdsAt(store, overAtMs - 1), ['crash-loop:n']);
    await keepAll(store, overAtMs);
    expectEqual('after it', await alertIdsAt(store, overAtMs), []);
  }),

  behaviour('has no alert of a node that is revoked or forgotten', async (store: FleetStore) => {
    await addPending(store, 'revoked');
    await addPending(store, 'forgotten');
    await keepAll(store, NOW_MS);
    expectEqual('before', (await alertIdsAt(store, NOW_MS)).length, 2);
    await asAda(store).replaceNode(nodeRecord('revoked', { revokedAtMs: NOW_MS }));
    await store.removeNode('forgotten');
    await keepAll(store, NOW_MS + 1);
    expectEqual('afterwards', await alertIdsAt(store, NOW_MS + 1), []);
  }),

  behaviour('makes one alert of nodes with the same label that go offline together', async (store: FleetStore) => {
    const before = await lastPosition(store);
    await addHeard(store, 'berlin', 'a', 'b', 'c', 'd');
    await addHeard(store, 'bonn', 'x');
    const onlineAtMs = ALERT_AT_MS - MINUTE_MS;
    await store.saveReport('d', heardAt(2, onlineAtMs, { expectedByMs: onlineAtMs + 600 * MINUTE_MS }));
    await keepAll(store, OFFLINE_AT_MS);
    await keepAll(store, ALERT_AT_MS);
    const group = { label: 'site', value: 'berlin', nodeCount: 3, selector: 'alert=offline label.site=berlin' };
    const open = { urgency: 'high', sinceMs: NOW_MS, openedAtMs: ALERT_AT_MS } as const;
    const ofX = { id: 'offline:x', kind: 'offline', ...open, node: { nodeId: 'x', labels: { site: 'bonn' } } };
    const ofBerlin = { id: 'group-offline:site=berlin', kind: 'group-offline', ...open, group };
    expectEqual('what is open', await alertsAt(store, ALERT_AT_MS), [ofX, ofBerlin]);
    expectEqual('a node of it', (await listed(store, 'b')).alerts, ['offline']);
    const ofNode = await asAda(store).listAlerts({ nodeId: 'b', limit: 10 });
    expectEqual(
      'its alerts',
      ofNode.alerts.map(({ id }) => id),
      ['offline:b'],
    );
    const told = { alert: 'group-offline', urgency: 'high', label: 'site', value: 'berlin', nodeCount: 3 } as const;
    const opened = (await alertsToldSince(store, before)).filter(({ nodeId }) => nodeId !== 'x');
    expectEqual('what is told', opened, [
      { actor: 'system', kind: 'alert-opened', details: { ...told, sinceMs: NOW_MS } },
    ]);
  }),

  behaviour(
    'ends the alert of a group once most are back, and gives the others their own',
    async (store: FleetStore) => {
      await addHeard(store, 'berlin', 'a', 'b', 'c');
      await keepAll(store, OFFLINE_AT_MS);
      await keepAll(store, ALERT_AT_MS);
      const before = await lastPosition(store);
      const backAtMs = ALERT_AT_MS + MINUTE_MS;
      const expectedByMs = backAtMs + 600 * MINUTE_MS;
      for (const nodeId of ['a', 'b']) await store.saveReport(nodeId, heardAt(2, backAtMs, { expectedByMs }));
      await keepAll(store, backAtMs);
      const [falling] = await alertsAt(store, backAtMs);
      expectEqual('how many are offline', falling?.group?.nodeCount, 1);
      const overAtMs = backAtMs + 6 * MINUTE_MS;
      await keepAll(store, overAtMs);
      expectEqual('what is open', await alertIdsAt(store, overAtMs), ['offline:c']);
      const told = (await alertsToldSince(store, before)).map(({ kind, nodeId }) => [kind, nodeId ?? '']);
      expectEqual('what is told', told, [
        ['alert-closed', ''],
        ['alert-opened', 'c'],
      ]);
    },
  ),

  behaviour('takes alerts that have opened before into that of their group', async (store: FleetStore) => {
    await addHeard(store, 'berlin', 'a', 'b', 'c', 'd', 'e');
    const laterMs = NOW_MS + 5 * MINUTE_MS;
    for (const nodeId of ['b', 'c']) await store.saveReport(nodeId, heardAt(2, laterMs));
    const expectedByMs = NOW_MS + 600 * MINUTE_MS;
    for (const nodeId of ['d', 'e']) await store.saveReport(nodeId, heardAt(2, NOW_MS + 1, { expectedByMs }));
    const before = await lastPosition(store);
    await keepAll(store, OFFLINE_AT_MS);
    await keepAll(store, ALERT_AT_MS);
    expectEqual('the first', await alertIdsAt(store, ALERT_AT_MS), ['offline:a']);
    await keepAll(store, OFFLINE_AT_MS + 5 * MINUTE_MS);
    const allMs = ALERT_AT_MS + 5 * MINUTE_MS;
    await keepAll(store, allMs);
    expectEqual('all', await alertIdsAt(store, allMs), ['group-offline:site=berlin']);
    const told = (await alertsToldSince(store, before)).map(({ kind, nodeId }) => [kind, nodeId ?? '']);
    expectEqual('what is told', told, [
      ['alert-opened', 'a'],
      ['alert-closed', 'a'],
      ['alert-opened', ''],
    ]);
  }),

  sharedBehaviour('opens each alert once, however many processes keep alerts', async (store: FleetStore, other) => {
    const nodeIds = Array.from({ length: 12 }, (_, index) => `n${index}`);
    for (const nodeId of nodeIds) await addPending(store, nodeId);
    const before = await lastPosition(store);
    await Promise.all([store, other, store, other].map((each) => keepAll(each, NOW_MS)));
    await keepAll(store, NOW_MS);
    const told = (await alertsToldSince(store, before)).map(({ kind, nodeId }) => `${kind} ${nodeId}`);
    expectEqual('what is told', told.toSorted(), nodeIds.map((nodeId) => `alert-opened ${nodeId}`).toSorted());
  }),

  behaviour('snoozes an alert until its time, by name, and no longer than the alert', async (store: FleetStore) => {
    await addPending(store, 'n');
    await keepAll(store, NOW_MS);
    const before = await lastPosition(store);
    const untilMs = NOW_MS + MINUTE_MS;
    const snooze = { untilMs, note: 'known', by: BEN, atMs: NOW_MS };
    const snoozed = await store.as(by(BEN)).snoozeAlert('pending-approval:n', snooze);
    expectEqual('snoozed', snoozed?.snooze, snooze);
    const isSnoozed = async (nowMs: number) =>
      (await alertsAt(store, nowMs)).map((alert) => alert.snooze !== undefined);
    expectEqual('until its time', await isSnoozed(untilMs - 1), [true]);
    await keepAll(store, untilMs);
    expectEqual('then', await isSnoozed(untilMs), [false]);
    await store.as(by(BEN)).snoozeAlert('pending-approval:n', undefined);
    expectEqual('ended', await isSnoozed(NOW_MS), [false]);
    const told = { alert: 'pending-approval', urgency: 'low' } as const;
    expectEqual('what is told', await alertsToldSince(store, before), [
      { actor: BEN, nodeId: 'n', kind: 'alert-snoozed', details: { ...told, untilMs, note: 'known' } },
      { actor: BEN, nodeId: 'n', kind: 'alert-unsnoozed', details: told },
    ]);
    expectEqual('of none', await asAda(store).snoozeAlert('offline:n', snooze), undefined);
    await asAda(store).snoozeAlert('pending-approval:n', snooze);
    await store.removeNode('n');
    await addPending(store, 'n');
    await keepAll(store, NOW_MS);
    expectEqual('of the next alert', await isSnoozed(NOW_MS), [false]);
  }),

  behaviour('lists alerts by their urgency, page by page, and counts them by kind', async (store: FleetStore) => {
    for (let index = 0; index < 5; index += 1) await addPending(store, `p${index}`, NOW_MS - (index % 3) * MINUTE_MS);
    for (const nodeId of ['x', 'y']) {
      await addLabelled(store, nodeId, { site: 'berlin' });
      const { node } = (await store.findNode(nodeId)) ?? {};
      if (node) await store.replaceNode({ ...node, supersededBoots: [superseded('b', 3)], cloneSuspectedAtMs: NOW_MS });
    }
    await keepAll(store, NOW_MS);
    const operator = asAda(store);
    const snooze = { untilMs: NOW_MS + 1, by: ADA, atMs: NOW_MS };
    await operator.snoozeAlert('pending-approval:p1', snooze);
    const pages: string[][] = [];
    let after: AlertCursor | undefined;
    do {
      const page = await operator.listAlerts({ after, limit: 3 });
      pages.push(page.alerts.map(({ node }) => node?.nodeId ?? ''));
      after = page.next;
    } while (after && pages.length < 10);
    expectEqual('the pages', pages, [['y', 'x', 'p3'], ['p0', 'p4', 'p1'], ['p2']]);
    const ids = async (filter: object) =>
      (await operator.listAlerts({ ...filter, limit: 10 })).alerts.map(({ node }) => node?.nodeId);
    expectEqual('of a kind', await ids({ kinds: ['clone-suspected', 'offline'] }), ['y', 'x']);
    expectEqual('of no kind', await ids({ kinds: [] }), []);
    expectEqual('by urgency', await ids({ urgencies: ['high', 'medium'] }), ['y', 'x']);
    expectEqual('snoozed', await ids({ isSnoozed: true }), ['p1']);
    expectEqual('not snoozed', (await ids({ isSnoozed: false })).length, 6);
    const berlin = { terms: [{ field: 'label', key: 'site', anyOf: ['berlin'], isNot: false }] };
    expectEqual('selected', await ids({ selector: berlin, kinds: ['clone-suspected'] }), ['y', 'x']);
    expectEqual('the counts', await operator.countAlerts({}), [
      { kind: 'clone-suspected', count: 2, snoozedCount: 0 },
      { kind: 'pending-approval', count: 5, snoozedCount: 1 },
    ]);
    expectEqual(
      'some counts',
      await operator.countAlerts({ selector: { terms: [{ field: 'id', anyOf: ['p1'], isNot: false }] } }),
      [{ kind: 'pending-approval', count: 1, snoozedCount: 1 }],
    );
  }),

  behaviour('shows alerts in scope alone, and counts the nodes of a group that are', async (store: FleetStore) => {
    for (const nodeId of ['a', 'b', 'c', 'd']) {
      await addLabelled(store, nodeId, { site: 'berlin', floor: nodeId < 'c' ? '1' : '2' });
      await store.saveReport(nodeId, heardAt(1, NOW_MS));
    }
    await addHeard(store, 'bonn', 'x');
    await keepAll(store, OFFLINE_AT_MS);
    await keepAll(store, ALERT_AT_MS);
    const seen = async (...scope: Parameters<typeof scopeOf>) => {
      const operator = store.as(by(ADA, { nowMs: ALERT_AT_MS, scope: scopeOf(...scope) }));
      const { alerts } = await operator.listAlerts({ limit: 10 });
      const snooze = { untilMs: ALERT_AT_MS + 1, by: ADA, atMs: ALERT_AT_MS };
      return {
        alerts: alerts.map(({ id, group }) => `${id} ${group?.nodeCount ?? ''}`),
        counted: (await operator.countAlerts({})).map(({ count }) => count),
        canSnoozeX: (await operator.snoozeAlert('offline:x', snooze)) !== undefined,
        canSnoozeBerlin: (await operator.snoozeAlert('group-offline:site=berlin', snooze)) !== undefined,
      };
    };
    expectEqual('of a floor', await seen('floor', '1'), {
      alerts: ['group-offline:site=berlin 2'],
      counted: [1],
      canSnoozeX: false,
      canSnoozeBerlin: false,
    });
    expectEqual('of all of it', await seen('site', 'berlin'), {
      alerts: ['group-offline:site=berlin 4'],
      counted: [1],
      canSnoozeX: false,
      canSnoozeBerlin: true,
    });
    expectEqual('of another site', await seen('site', 'bonn'), {
      alerts: ['offline:x '],
      counted: [1],
      canSnoozeX: true,
      canSnoozeBerlin: false,
    });
    expectEqual('of none', await seen('site', 'paris'), {
      alerts: [],
      counted: [],
      canSnoozeX: false,
      canSnoozeBerlin: false,
    });
  }),

  behaviour('selects and sorts nodes by their alerts', async (store: FleetStore) => {
    await addPending(store, 'waiting');
    await addHeard(store, '', 'quiet', 'fine');
    const expectedByMs = ALERT_AT_MS + MINUTE_MS;
    await store.saveReport('fine', heardAt(2, NOW_MS + 1, { expectedByMs }));
    await addNode(store, nodeRecord('none', { approvedAtMs: NOW_MS }));
    await keepAll(store, OFFLINE_AT_MS);
    await keepAll(store, ALERT_AT_MS);
    const operator = asAda(store, ALERT_AT_MS);
    const sort = { by: 'urgency', isDescending: true } as const;
    const { nodes } = await operator.listFleet({ selector: everyNode, sort, limit: 10 });
    const ids = nodes.map(({ facts }) => facts.nodeId);
    expectEqual('by urgency', ids, ['quiet', 'waiting', 'none', 'fine']);
    const withAlert = { terms: [{ field: 'alert', anyOf: ['offline'], isNot: false } as const] };
    expectEqual('those that are offline', await operator.countFleet({ selector: withAlert, max: 10 }), 1);
  }),
];

/** Of a device without a gate, whose updates fail or not. */
function failingStatus(updateFailed: boolean): RuntimeStatus {
  return { ...deviceStatus({ hostname: 'gate', updateFailed }), updates: { mode: 'free' } };
}
