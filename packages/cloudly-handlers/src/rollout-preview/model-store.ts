import type { CommandRecord } from '../fleet/command-record.js';
import type { RolloutMember, SeenMember } from '../fleet-store/rollout-member.js';
import type { RolloutChange, SeenMemberQuery } from '../fleet-store/rollout-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import type { StepStore } from '../rollouts/step-rollout.js';
import { isModelOnline, type ModelNode, modelOnlineFromMs } from './model-node.js';
import { nextHourMs } from './presence-week.js';

/** How long a node takes to get a command that it is woken for, or that waits for its next heartbeat. */
const LISTED_AFTER_MS = 30_000;
const NEVER_MS = Number.POSITIVE_INFINITY;

export interface ModelMember {
  member: RolloutMember;
  model: ModelNode;
}

export interface ModelStoreOptions {
  rollout: Rollout;
  members: readonly ModelMember[];
  /** Of the model's time. */
  beginMs: number;
  now: () => number;
  onChange: (change: RolloutChange) => void;
}

/** A rollout over nodes that there are in the model alone. */
export interface ModelStore extends StepStore {
  /** Lets the nodes do what they have done by now. */
  letNodesAct(this: void): void;
  /** When something happens next without the rollout's doing. */
  nextMs(this: void): number;
}

/** Keeps what steps of a rollout change, as the stores do, and has nodes that follow its commands. */
export function createModelStore(options: ModelStoreOptions): ModelStore {
  const { beginMs, now, onChange } = options;
  let { rollout } = options;
  const models = new Map(options.members.map(({ member, model }) => [member.nodeId, model]));
  const members = new Map(options.members.map(({ member }) => [member.nodeId, member]));
  const inOrder = options.members
    .map(({ member }) => member)
    .toSorted(byTurn)
    .map(({ nodeId }) => nodeId);
  const commands = new Map<string, CommandRecord>();
  /** Of those that have the command, when it is listed or has its result. */
  const acts = new Map<string, number>();

  const modelOf = (nodeId: string): ModelNode => {
    const model = models.get(nodeId);
    if (!model) throw new TypeError(`The model has no node ${nodeId}`);
    return model;
  };
  const isOnline = (nodeId: string): boolean => isModelOnline(modelOf(nodeId), beginMs, now());
  const onlineFrom = (nodeId: string, fromMs: number): number =>
    modelOnlineFromMs(modelOf(nodeId), beginMs, fromMs) ?? NEVER_MS;

  const seenMember = (member: RolloutMember): SeenMember => {
    const { nodeId } = member;
    const command = commands.get(nodeId);
    const { node } = modelOf(nodeId);
    const state = isOnline(nodeId) ? 'online' : node.state === 'online' ? 'offline' : node.state;
    return { member, ...(command && { command }), node: { ...node, state } };
  };

  const ordered = (isAsked: (member: RolloutMember) => boolean, limit: number): RolloutMember[] => {
    const found: RolloutMember[] = [];
    for (const nodeId of inOrder) {
      const member = members.get(nodeId);
      if (member && isAsked(member)) found.push(member);
      if (found.length >= limit) break;
    }
    return found;
  };

  const asked = (query: SeenMemberQuery): RolloutMember[] => {
    switch (query.which) {
      case 'in-flight':
        return [...acts.keys()].flatMap((nodeId) => members.get(nodeId) ?? []);
      case 'held': {
        const full = new Set(query.withoutGroups);
        const { wavesTo, limit } = query;
        return ordered(({ state, wave, group }) => state === 'held' && wave <= wavesTo && !full.has(group), limit);
      }
      case 'back': {
        const full = new Set(query.withoutGroups);
        return ordered((member) => {
          const { state, group, nodeId, waitUntilMs = 0 } = member;
          return state === 'deferred' && waitUntilMs <= now() && !full.has(group) && isOnline(nodeId);
        }, query.limit);
      }
      case 'overdue':
        return ordered(({ state, sinceMs }) => state === 'deferred' && sinceMs < query.sinceBeforeMs, query.limit);
      case 'named':
        return query.nodeIds.flatMap((nodeId) => members.get(nodeId) ?? []);
      default:
        // No result comes late, and nobody decides about what has failed.
        return [];
    }
  };

  const keepMember = (member: RolloutMember): void => {
    members.set(member.nodeId, member);
    if (member.state !== 'offered' && member.state !== 'running') acts.delete(member.nodeId);
  };

  return {
    findRollout: async () => rollout,
    readMembers: async (_rolloutId, query) => asked(query).map(seenMember),
    async changeRollout(change) {
      rollout = { ...change.rollout, revision: change.rollout.revision + 1 };
      for (const member of change.members) keepMember(member);
      for (const { nodeId, command } of change.offered) {
        commands.set(nodeId, command);
        const isListed = modelOf(nodeId).answer !== 'never-listed';
        acts.set(nodeId, isListed ? onlineFrom(nodeId, now() + LISTED_AFTER_MS) : NEVER_MS);
      }
      onChange(change);
      return true;
    },
    letNodesAct() {
      const nowMs = now();
      for (const [nodeId, atMs] of acts) {
        const command = commands.get(nodeId);
        if (!command || atMs > nowMs) continue;
        if (command.listedAtMs === undefined) {
          commands.set(nodeId, { ...command, listedAtMs: nowMs });
          acts.set(nodeId, onlineFrom(nodeId, nowMs + modelOf(nodeId).durationMs));
        } else {
          commands.set(nodeId, { ...command, result: { ...resultOf(modelOf(nodeId), command), receivedAtMs: nowMs } });
          acts.set(nodeId, NEVER_MS);
        }
      }
    },
    nextMs() {
      const nowMs = now();
      const instants = [...acts.values()];
      // Their nodes may go offline before they get the command, or come back.
      let isPresenceAsked = false;
      for (const { state, nodeId, sinceMs, waitUntilMs = 0 } of members.values()) {
        if (state === 'deferred') {
          isPresenceAsked = true;
          instants.push(sinceMs + rollout.limits.deferredDueMs + 1);
          if (waitUntilMs > nowMs) instants.push(waitUntilMs);
        }
        if (state === 'offered' && acts.get(nodeId) !== undefined) {
          isPresenceAsked = true;
          instants.push(sinceMs + NOT_LISTED_MS);
        }
      }
      if (isPresenceAsked) instants.push(nextHourMs(nowMs));
      return instants.reduce((soonest, atMs) => (atMs > nowMs && atMs < soonest ? atMs : soonest), NEVER_MS);
    },
  };
}

/** Soon after that, an offer that no answer has listed is withdrawn. */
const NOT_LISTED_MS = 900_000;

function resultOf(
  { answer }: ModelNode,
  { commit }: CommandRecord,
): Pick<NonNullable<CommandRecord['result']>, 'outcome' | 'error' | 'details'> {
  if (answer === 'succeeds') return { outcome: 'succeeded', ...(commit !== undefined && { details: { commit } }) };
  const code = answer === 'has-other-release' ? 'other-release' : 'not-accepted';
  return { outcome: 'refused', error: { code, message: code } };
}

function byTurn(one: RolloutMember, other: RolloutMember): number {
  return one.wave - other.wave || (one.rank < other.rank ? -1 : 1);
}
