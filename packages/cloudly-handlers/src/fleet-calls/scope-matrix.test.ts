import { describe, expect, test } from 'vitest';
import { codeOf } from '../../test/fixtures/fleet-callers.js';
import { newRollout } from '../../test/fixtures/rollout-fleet.js';
import { acceptingWebhooks } from '../../test/fixtures/accepting-webhooks.js';
import { stores } from '../../test/fixtures/stores.js';
import { createFleet } from '../create-fleet.js';
import type { FleetStore } from '../fleet-store/fleet-store.js';
import { commandRecord, joinTokenRecord, nodeRecord, NOW_MS } from '../stores/suite/fixtures.js';
import { scopeOf } from '../stores/suite/fleet/fleet-fixtures.js';
import { type Role, roles } from '../roles/role.js';
import type { Caller } from './caller.js';
import type { FleetErrorCode } from './fleet-error.js';
import { fleetRoles, hasRole } from './fleet-roles.js';
import type { Fleet } from './fleet.js';

/** Where what a call is about lies: in Berlin, which is Ada's scope, or in Bonn. */
type Site = 'berlin' | 'bonn';

type Thing = 'node' | 'join-token' | 'view' | 'job' | 'rollout' | 'webhook' | 'alert' | 'maintenance';

interface CallCase {
  /** What it is about: out of scope, it ends as if there were no such thing. Absent if it is about the fleet as a whole. */
  about?: Thing;
  call: (fleet: Fleet, caller: Caller, id: string) => Promise<unknown>;
  /** How it ends with such a thing where it is allowed. @default done */
  otherwise?: FleetErrorCode;
  /** Whether its result shows anything of Bonn. */
  hasBonn?: (result: never) => boolean;
}

function about(thing: Thing, call: CallCase['call'], otherwise?: FleetErrorCode): CallCase {
  return { about: thing, call, ...(otherwise && { otherwise }) };
}

function mentionsBonn(result: unknown): boolean {
  return JSON.stringify(result).includes('bonn');
}

/** A way to make every call there is: without one for a new call, this does not compile. */
const calls: Record<keyof Fleet, CallCase> = {
  summary: {
    call: (fleet, caller) => fleet.summary(caller),
    hasBonn: ({ nodeCount }: { nodeCount: number }) => nodeCount > countAt.berlin,
  },
  listNodes: { call: (fleet, caller) => fleet.listNodes(caller, { limit: 1000 }), hasBonn: mentionsBonn },
  countNodes: {
    call: (fleet, caller) => fleet.countNodes(caller),
    hasBonn: ({ count }: { count: number }) => count > countAt.berlin,
  },
  countBy: { call: (fleet, caller) => fleet.countBy(caller, 'label.site'), hasBonn: mentionsBonn },
  liveNodes: {
    call: (fleet, caller) => fleet.liveNodes(caller, everyNode),
    hasBonn: mentionsBonn,
  },
  getNode: about('node', (fleet, caller, id) => fleet.getNode(caller, id)),
  resolveNode: about('node', (fleet, caller, id) => fleet.resolveNode(caller, id)),
  history: about('node', (fleet, caller, id) => fleet.history(caller, id, 'detail')),
  timeline: about('node', (fleet, caller, id) => fleet.timeline(caller, id)),
  listEvents: {
    call: (fleet, caller) => fleet.listEvents(caller),
    hasBonn: mentionsBonn,
  },
  eventsEpoch: { call: (fleet, caller) => fleet.eventsEpoch(caller) },
  rename: about('node', (fleet, caller, id) => fleet.rename(caller, id, 'Gate')),
  setNotes: about('node', (fleet, caller, id) => fleet.setNotes(caller, id, 'by the door')),
  label: about('node', (fleet, caller, id) => fleet.label(caller, id, { floor: '1' })),
  labelKeys: { call: (fleet, caller) => fleet.labelKeys(caller), hasBonn: mentionsBonn },
  labelValues: { call: (fleet, caller) => fleet.labelValues(caller, 'site'), hasBonn: mentionsBonn },
  approve: about('node', (fleet, caller, id) => fleet.approve(caller, id)),
  revoke: about('node', (fleet, caller, id) => fleet.revoke(caller, id)),
  unrevoke: about('node', (fleet, caller, id) => fleet.unrevoke(caller, id)),
  forget: about('node', (fleet, caller, id) => fleet.forget(caller, id)),
  allowRebind: about('node', (fleet, caller, id) =>
    fleet.allowRebind(caller, id, { approvalCode: '4T9W-0GZ7-KM2P-X6QA' }),
  ),
  resolveClone: about('node', (fleet, caller, id) => fleet.resolveClone(caller, id, 'boot-1')),
  rotateToken: about('node', (fleet, caller, id) => fleet.rotateToken(caller, id)),
  voidTokens: about('node', (fleet, caller, id) => fleet.voidTokens(caller, id)),
  setUpdatesMode: about('node', (fleet, caller, id) => fleet.setUpdatesMode(caller, id, 'gated')),
  queueCommand: about('node', (fleet, caller, id) => fleet.queueCommand(caller, id, { kind: 'blink' })),
  cancelCommand: about('node', (fleet, caller, id) => fleet.cancelCommand(caller, id, 'c')),
  getCommand: about('node', (fleet, caller, id) => fleet.getCommand(caller, id, 'c')),
  listCommands: about('node', (fleet, caller, id) => fleet.listCommands(caller, id)),
  createJoinToken: { call: (fleet, caller) => fleet.createJoinToken(caller, { labels: { site: 'berlin' } }) },
  listJoinTokens: { call: (fleet, caller) => fleet.listJoinTokens(caller), hasBonn: mentionsBonn },
  revokeJoinToken: about('join-token', (fleet, caller, id) => fleet.revokeJoinToken(caller, id)),
  listViews: { call: (fleet, caller) => fleet.listViews(caller), hasBonn: mentionsBonn },
  saveView: about('view', (fleet, caller, id) =>
    fleet.saveView(caller, { id, revision: 1, name: 'mine', selector: '' }),
  ),
  removeView: about('view', (fleet, caller, id) => fleet.removeView(caller, id)),
  previewBulk: {
    call: (fleet, caller) => fleet.previewBulk(caller, { action: { kind: 'rotate-token' }, selector: '' }),
    hasBonn: ({ nodeCount }: { nodeCount: number }) => nodeCount > countAt.berlin,
  },
  confirmBulk: about('job', (fleet, caller, id) => fleet.confirmBulk(caller, id, 0)),
  runBulk: about('job', (fleet, caller, id) => fleet.runBulk(caller, id)),
  stopBulk: about('job', (fleet, caller, id) => fleet.stopBulk(caller, id)),
  bulkProgress: about('job', (fleet, caller, id) => fleet.bulkProgress(caller, id)),
  bulkResults: about('job', (fleet, caller, id) => fleet.bulkResults(caller, id)),
  listBulk: { call: (fleet, caller) => fleet.listBulk(caller), hasBonn: mentionsBonn },
  listAlerts: { call: (fleet, caller) => fleet.listAlerts(caller, { limit: 1000 }), hasBonn: mentionsBonn },
  countAlerts: {
    call: (fleet, caller) => fleet.countAlerts(caller, { kinds: ['pending-approval'] }),
    hasBonn: ([counted]: { count: number }[]) => (counted?.count ?? 0) > countAt.berlin,
  },
  snoozeAlert: about('alert', (fleet, caller, id) => fleet.snoozeAlert(caller, id, { untilMs: NOW_MS + 1 })),
  unsnoozeAlert: about('alert', (fleet, caller, id) => fleet.unsnoozeAlert(caller, id)),
  startMaintenance: {
    call: (fleet, caller) => fleet.startMaintenance(caller, { selector: 'id=nobody', untilMs: NOW_MS + 1 }),
  },
  listMaintenance: { call: (fleet, caller) => fleet.listMaintenance(caller), hasBonn: mentionsBonn },
  endMaintenance: about('maintenance', (fleet, caller, id) => fleet.endMaintenance(caller, id)),
  listWebhooks: { call: (fleet, caller) => fleet.listWebhooks(caller) },
  createWebhook: {
    call: (fleet, caller) => fleet.createWebhook(caller, { name: 'Chat', url: 'https://hooks.example/' }),
  },
  changeWebhook: about('webhook', (fleet, caller, id) => fleet.changeWebhook(caller, id, { name: 'Other' })),
  removeWebhook: about('webhook', (fleet, caller, id) => fleet.removeWebhook(caller, id)),
  rotateWebhookSecret: about('webhook', (fleet, caller, id) => fleet.rotateWebhookSecret(caller, id)),
  enableWebhook: about('webhook', (fleet, caller, id) => fleet.enableWebhook(caller, id)),
  disableWebhook: about('webhook', (fleet, caller, id) => fleet.disableWebhook(caller, id)),
  testWebhook: about('webhook', (fleet, caller, id) => fleet.testWebhook(caller, id)),
  listDeliveries: about('webhook', (fleet, caller, id) => fleet.listDeliveries(caller, id)),
  resendDelivery: about('webhook', async (fleet, caller, id) => {
    const { id: deliveryId } = hasRole(caller, 'unscoped-admin') ? await fleet.testWebhook(caller, id) : { id: 'd' };
    return fleet.resendDelivery(caller, id, deliveryId);
  }),
  createRollout: {
    call: (fleet, caller) => fleet.createRollout(caller, newRollout({ id: globalThis.crypto.randomUUID() })),
  },
  changeRollout: about('rollout', (fleet, caller, id) => fleet.changeRollout(caller, id, { name: 'other' })),
  previewRollout: about('rollout', (fleet, caller, id) => fleet.previewRollout(caller, id)),
  startRollout: about('rollout', (fleet, caller, id) => fleet.startRollout(caller, id)),
  // It is a draft that needs no approval, and has not begun.
  approveRollout: about('rollout', (fleet, caller, id) => fleet.approveRollout(caller, id), 'state-unfit'),
  pauseRollout: about('rollout', (fleet, caller, id) => fleet.pauseRollout(caller, id), 'state-unfit'),
  resumeRollout: about('rollout', (fleet, caller, id) => fleet.resumeRollout(caller, id), 'state-unfit'),
  stopRollout: about('rollout', (fleet, caller, id) => fleet.stopRollout(caller, id)),
  pauseAllRollouts: { call: (fleet, caller) => fleet.pauseAllRollouts(caller) },
  takeOverMember: about('rollout', (fleet, caller, id) => fleet.takeOverMember(caller, id, 'n'), 'member-unknown'),
  getRollout: about('rollout', (fleet, caller, id) => fleet.getRollout(caller, id)),
  listRollouts: { call: (fleet, caller) => fleet.listRollouts(caller), hasBonn: mentionsBonn },
  listRolloutMembers: about('rollout', (fleet, caller, id) => fleet.listRolloutMembers(caller, id)),
  why: about('node', (fleet, caller, id) => fleet.why(caller, id)),
  recover: { call: (fleet, caller) => fleet.recover(caller, NOW_MS) },
};

const callNames = Object.keys(calls) as (keyof Fleet)[];
const places = ['unscoped', 'in scope', 'out of scope'] as const;

describe.each(stores)('every call ($name)', ({ openStore }) => {
  test('is allowed by the role and within the scope that it needs, and changes nothing otherwise', async () => {
    const { fleet, store, add } = await setUp(await openStore());
    const outcomes: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const name of callNames) {
      for (const [role, place] of roles.flatMap((each) => places.map((where) => [each, where] as const))) {
        const [caller, site] = [ada(role, place), place === 'out of scope' ? 'bonn' : 'berlin'] as const;
        const what = `${name} by ${role}, ${place}`;
        expected[what] = expectedOf(name, caller, place);
        const isDone = expected[what] === 'done';
        const id = await add(calls[name].about, site);
        const before = await lastEvent(store);
        outcomes[what] = await codeOf(calls[name].call(fleet, caller, id));
        const hasTold = (await lastEvent(store)) !== before;
        if (hasTold && !isDone) outcomes[what] += ', but something was changed';
      }
    }
    expect(outcomes).toEqual(expected);
  });

  test('shows a caller with a scope nothing out of it, and others the whole fleet', async () => {
    const { fleet, add } = await setUp(await openStore());
    for (const thing of ['node', 'join-token', 'view', 'job', 'rollout', 'alert', 'maintenance'] as const) {
      for (const site of ['berlin', 'bonn'] as const) await add(thing, site);
    }
    const shown: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const name of callNames) {
      const { call, hasBonn } = calls[name];
      if (!hasBonn) continue;
      const has = hasBonn as (result: unknown) => boolean;
      const everything = await call(fleet, ada('admin', 'unscoped'), '');
      const ofBerlin = await call(fleet, ada('admin', 'in scope'), '');
      shown[name] = { everything: has(everything), ofBerlin: has(ofBerlin) };
      expected[name] = { everything: true, ofBerlin: false };
    }
    expect(shown).toEqual(expected);
  });
});

const countAt = { berlin: 0 };
/** As many as can be asked for. */
const everyNode: string[] = [];

function ada(role: Role, place: (typeof places)[number]): Caller {
  return { actor: 'operator:ada', role, ...(place !== 'unscoped' && { scope: scopeOf('site', 'berlin') }) };
}

const boss: Caller = { actor: 'operator:boss', role: 'admin' };

function expectedOf(name: keyof Fleet, caller: Caller, place: (typeof places)[number]): string {
  if (!hasRole(caller, fleetRoles[name])) return 'role-insufficient';
  const { about: thing, otherwise = 'done' } = calls[name];
  return place === 'out of scope' && thing ? `${thing}-unknown` : otherwise;
}

/** Another one after every change. */
async function lastEvent(store: FleetStore): Promise<number | undefined> {
  const [last] = await store.as({ actor: 'system', nowMs: NOW_MS }).listEvents({ limit: 1 });
  return last?.position;
}

/** A fleet with join tokens for both sites, and what adds something at one of them and resolves with its ID. */
async function setUp(store: FleetStore) {
  const fleet = createFleet({ store, now: () => NOW_MS, webhooks: acceptingWebhooks() });
  countAt.berlin = 0;
  everyNode.length = 0;
  for (const site of ['berlin', 'bonn']) {
    await store.addJoinToken(
      joinTokenRecord(`join ${site}`, { maxUses: 1000, labels: { site, [`only-${site}`]: '' } }),
    );
  }
  let count = 0;
  const adders: Record<Thing, (site: Site, owner: Caller) => Promise<string>> = {
    async node(site) {
      if (site === 'berlin') countAt.berlin += 1;
      const nodeId = `${site}-${count}`;
      if (everyNode.length < 100) everyNode.push(nodeId);
      // It waits for approval, and two devices have its identity.
      const node = nodeRecord(nodeId, { joinTokenId: `join ${site}`, cloneSuspectedAtMs: NOW_MS });
      await store.createNode(node, NOW_MS);
      await store.addCommand(nodeId, commandRecord('c'));
      return nodeId;
    },
    async 'join-token'(site, { actor: createdBy }) {
      const joinToken = joinTokenRecord(`${site} ${count}`, { labels: { site }, createdBy });
      await store.addJoinToken(joinToken);
      return joinToken.id;
    },
    async view(site, owner) {
      const view = { id: globalThis.crypto.randomUUID(), name: `${site} ${count}`, selector: '' };
      return (await fleet.saveView(owner, view)).id;
    },
    async job(site, owner) {
      // Of no nodes.
      const selector = `id=nobody-in-${site}`;
      return (await fleet.previewBulk(owner, { action: { kind: 'rotate-token' }, selector })).id;
    },
    async alert(site, owner) {
      const nodeId = await adders.node(site, owner);
      await store.keepAlerts({ nowMs: NOW_MS, groupLabel: 'site', limit: 1000 });
      return `pending-approval:${nodeId}`;
    },
    async maintenance(site, owner) {
      const selector = `label.site=${site}`;
      return (await fleet.startMaintenance(owner, { selector, untilMs: NOW_MS + 60_000 })).id;
    },
    async rollout(site, owner) {
      const selector = `id=${await adders.node(site, owner)}`;
      const id = globalThis.crypto.randomUUID();
      return (await fleet.createRollout(owner, newRollout({ id, name: `${site} ${count}`, selector }))).id;
    },
    async webhook(site) {
      const { webhook } = await fleet.createWebhook(boss, { name: `${site} ${count}`, url: 'https://hooks.example/' });
      return webhook.id;
    },
  };
  const add = async (thing: Thing | undefined, site: Site): Promise<string> => {
    count += 1;
    return thing ? adders[thing](site, site === 'berlin' ? ada('operate', 'in scope') : boss) : '';
  };
  return { fleet, store, add };
}
