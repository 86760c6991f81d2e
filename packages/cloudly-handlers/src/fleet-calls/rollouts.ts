import type { FleetEventBody } from '../events/fleet-event.js';
import { canonicalJson } from '../fleet/canonical-json.js';
import type { RolloutMember } from '../fleet-store/rollout-member.js';
import type { Rollout, RolloutLimits } from '../fleet-store/rollout.js';
import { defaultLimits, defaultWaves } from '../rollouts/defaults.js';
import { MEMBERS_MAX } from '../rollouts/start-rollout.js';
import { noMembers } from '../rollouts/wave-counts.js';
import { type Call, requireLimit, requireRole } from './call.js';
import { FleetError } from './fleet-error.js';
import { readSelector } from './read-selector.js';
import { requireUuid } from './require-uuid.js';
import type { NewRollout, RolloutListQuery, RolloutMemberQuery } from './rollout-calls.js';
import { changedSettings, requireSettings, type RolloutSettings, settingsOf } from './rollout-settings.js';

const PAGE = 100;
const PAGE_MAX = 1000;

export async function createRollout(call: Call, asked: NewRollout): Promise<Rollout> {
  const { caller, nowMs, store } = call;
  const { id, selector, waves = defaultWaves(), window = null, isDynamic = false, needsApproval = false } = asked;
  requireUuid(id);
  const before = await store.findRollout(id);
  const limits = before?.limits ?? (await limitsFor(call, selector));
  const { name, command } = asked;
  const defaults = { name, command, selector, waves: [], limits, isDynamic, needsApproval };
  const settings = changedSettings(defaults, { ...asked, waves, window });
  requireSettings(call, settings);
  if (before) return isSame(before, settings, call) ? before : throwTaken(id);
  const rollout: Rollout = {
    id,
    revision: 0,
    ...settings,
    createdAtMs: nowMs,
    createdBy: caller.actor,
    role: caller.role === 'admin' ? 'admin' : 'operate',
    ...(caller.scope && { scope: caller.scope }),
    state: 'draft',
    waveIndex: 0,
    counts: settings.waves.map(() => noMembers),
  };
  const details = { rolloutId: id, name, command: command.kind };
  const event: FleetEventBody = {
    kind: 'rollout-created',
    details: command.commit === undefined ? details : { ...details, commit: command.commit },
  };
  if (await keepDraft(call, rollout, event)) return { ...rollout, revision: 1 };
  // Somebody else was faster, perhaps with the same request.
  const kept = await store.findRollout(id);
  return kept && isSame(kept, settings, call) ? kept : throwTaken(id);
}

/** They depend on how many nodes there are. */
async function limitsFor({ store }: Call, selector: string): Promise<RolloutLimits> {
  return defaultLimits(await store.countFleet({ selector: readSelector(selector), max: MEMBERS_MAX }));
}

function isSame(before: Rollout, settings: RolloutSettings, { caller }: Call): boolean {
  return before.createdBy === caller.actor && canonicalJson(settingsOf(before)) === canonicalJson(settings);
}

/** Keeps a rollout without touching members. Resolves with `false` if it was changed since it was read. */
export function keepDraft({ store }: Pick<Call, 'store'>, rollout: Rollout, event: FleetEventBody): Promise<boolean> {
  return store.changeRollout({
    rollout,
    isUnsettled: false,
    members: [],
    offered: [],
    withdrawn: [],
    cancelled: [],
    events: [event],
  });
}

export async function getRollout({ store }: Pick<Call, 'store'>, rolloutId: string): Promise<Rollout> {
  return (await store.findRollout(rolloutId)) ?? throwUnknownRollout(rolloutId);
}

export async function listRollouts({ store }: Call, query: RolloutListQuery = {}): Promise<Rollout[]> {
  const { states, limit = PAGE } = query;
  return store.listRollouts({ states, limit: requireLimit(limit, PAGE_MAX) });
}

export async function listRolloutMembers(
  call: Call,
  rolloutId: string,
  { limit = PAGE, ...query }: RolloutMemberQuery = {},
): Promise<RolloutMember[]> {
  await getRollout(call, rolloutId);
  return call.store.listMembers(rolloutId, { ...query, limit: requireLimit(limit, PAGE_MAX) });
}

/** @throws FleetError unless the caller may decide about it: their own, or as an admin */
export async function requireOwnRollout(call: Call, rolloutId: string): Promise<Rollout> {
  const rollout = await getRollout(call, rolloutId);
  if (rollout.createdBy !== call.caller.actor) requireRole(call, 'admin', 'decide about a rollout of somebody else');
  return rollout;
}

export function throwUnknownRollout(rolloutId: string): never {
  throw new FleetError('rollout-unknown', `There is no rollout ${rolloutId}`, {
    remedy: 'List the rollouts. Drafts are kept for 90 days, and those that have ended for two years.',
  });
}

function throwTaken(rolloutId: string): never {
  throw new FleetError('id-taken', `There is another rollout with the ID ${rolloutId}`, {
    remedy: 'Choose another ID.',
  });
}
