import { changeOfCancelled, changeOfQueued } from '../../events/command-changes.js';
import type { FleetEventBody } from '../../events/fleet-event.js';
import type { CommandRecord } from '../../fleet/command-record.js';
import type { RolloutMember, SeenMember } from '../../fleet-store/rollout-member.js';
import type { RolloutChange, RolloutStore, SeenMemberQuery } from '../../fleet-store/rollout-store.js';
import { matches } from '../../selector/matches.js';
import { type Behalf, instantOf, writtenEvent } from '../records/behalf.js';
import { byNode, memberOrder } from '../records/member-order.js';
import { inOrderOfRollouts, isInFlight, isRolloutOver, isVisibleRollout } from '../records/rollout-rules.js';
import { withoutCounts } from '../records/fold-reports.js';
import { copy } from './copy.js';
import { findEntry, type MemoryFleet } from './memory-fleet.js';
import { fleetNode, type NodeEntry } from './node-entry.js';
import type { RolloutEntry, RolloutWork } from './rollout-work.js';

export function createRolloutOperations(
  fleet: MemoryFleet,
  { rollouts, holderOf }: RolloutWork,
  behalf: Behalf,
): RolloutStore {
  const nowMs = instantOf(behalf);
  const find = (rolloutId: string): RolloutEntry | undefined => {
    const entry = rollouts.get(rolloutId);
    return entry && isVisibleRollout(behalf, entry.rollout) ? entry : undefined;
  };
  const findNode = (nodeId: string): NodeEntry | undefined => findEntry(fleet, behalf, nodeId);
  const isVisibleMember = ({ nodeId }: { nodeId: string }): boolean =>
    behalf.scope === undefined || findNode(nodeId) !== undefined;
  const commandOf = (nodeId: string, commandId: string | undefined): CommandRecord | undefined =>
    findNode(nodeId)?.commands.find(({ id }) => id === commandId);
  const visibleMembers = (rolloutId: string): RolloutMember[] =>
    [...(find(rolloutId)?.members.values() ?? [])].filter(isVisibleMember);

  const otherHolderOf = (rolloutId: string, nodeId: string): string | undefined => {
    const holder = holderOf(nodeId);
    return holder === rolloutId ? undefined : holder;
  };

  const seenMember = (rolloutId: string, member: RolloutMember): SeenMember => {
    const command = commandOf(member.nodeId, member.commandId);
    const entry = findNode(member.nodeId);
    const heldBy = otherHolderOf(rolloutId, member.nodeId);
    return {
      member: copy(member),
      ...(command && { command: copy(command) }),
      ...(entry && { node: fleetNode(entry) }),
      ...(entry?.last && { lastHeartbeat: copy(withoutCounts(entry.last)) }),
      ...(heldBy !== undefined && { heldBy }),
    };
  };

  const isBack = (rolloutId: string, { nodeId }: RolloutMember): boolean => {
    const entry = findNode(nodeId);
    if (!entry) return true;
    if (entry.state !== 'online' || entry.facts.isCloneSuspected) return false;
    return otherHolderOf(rolloutId, nodeId) === undefined;
  };

  const isAsked = (rolloutId: string, query: SeenMemberQuery, member: RolloutMember): boolean => {
    const { nodeId, state, reason, commandId, wave, group, sinceMs, waitUntilMs = 0 } = member;
    switch (query.which) {
      case 'in-flight': {
        return isInFlight(member);
      }
      case 'held': {
        return state === 'held' && wave <= query.wavesTo && !query.withoutGroups.includes(group);
      }
      case 'back': {
        const isDue = state === 'deferred' && waitUntilMs <= query.nowMs && !query.withoutGroups.includes(group);
        return isDue && isBack(rolloutId, member);
      }
      case 'overdue': {
        return state === 'deferred' && sinceMs < query.sinceBeforeMs;
      }
      case 'late': {
        return state === 'unknown' && reason === 'no-result' && commandOf(nodeId, commandId)?.result !== undefined;
      }
      case 'named': {
        return query.nodeIds.includes(nodeId);
      }
      default: {
        return state === 'failed' || state === 'unknown';
      }
    }
  };

  const isOfThisReading = (change: RolloutChange): boolean => {
    const { rollout, members, offered, withdrawn, cancelled } = change;
    const stored = rollouts.get(rollout.id);
    if ((stored?.rollout.revision ?? 0) !== rollout.revision) return false;
    if (!isVisibleRollout(behalf, rollout) || (stored && !isVisibleRollout(behalf, stored.rollout))) return false;
    if (![...members, ...offered, ...withdrawn, ...cancelled].every(isVisibleMember)) return false;
    const isHeldElsewhere = ({ nodeId, isHolding }: RolloutMember): boolean =>
      isHolding && otherHolderOf(rollout.id, nodeId) !== undefined;
    if (members.some(isHeldElsewhere)) return false;
    if (!offered.every(({ nodeId, command }) => findNode(nodeId) && !commandOf(nodeId, command.id))) return false;
    return withdrawn.every(({ nodeId, commandId }) => isWithdrawable(commandOf(nodeId, commandId)));
  };

  const keep = (change: RolloutChange): void => {
    const { rollout, isUnsettled, added = [] } = change;
    const entry = rollouts.get(rollout.id) ?? { rollout, isUnsettled, members: new Map<string, RolloutMember>() };
    rollouts.set(rollout.id, entry);
    entry.rollout = { ...copy(rollout), revision: rollout.revision + 1 };
    entry.isUnsettled = isUnsettled;
    if (change.isCleared) entry.members.clear();
    for (const member of added) {
      if (!entry.members.has(member.nodeId)) entry.members.set(member.nodeId, copy(member));
    }
    for (const member of change.members) entry.members.set(member.nodeId, copy(member));
    if (!change.isReleased) return;
    for (const member of entry.members.values()) if (!isInFlight(member)) member.isHolding = false;
  };

  const tell = (body: FleetEventBody): void => {
    const { nodeId } = body;
    const registeredAtMs = nodeId === undefined ? undefined : fleet.nodes.find(nodeId)?.node.registeredAtMs;
    fleet.events.tell([writtenEvent(behalf, body)], registeredAtMs);
  };

  return {
    findRollout: async (rolloutId) => copy(find(rolloutId)?.rollout),

    listRollouts: async ({ states, isUnsettled, limit }) =>
      [...rollouts.values()]
        .filter((entry) => isVisibleRollout(behalf, entry.rollout) && (!isUnsettled || entry.isUnsettled))
        .map(({ rollout }) => rollout)
        .filter(({ state }) => !states || states.includes(state))
        .toSorted((one, other) => other.createdAtMs - one.createdAtMs || byText(other.id, one.id))
        .slice(0, limit)
        .map(copy),

    async readMembers(rolloutId, query) {
      const limit = 'limit' in query ? query.limit : Infinity;
      return visibleMembers(rolloutId)
        .filter((member) => isAsked(rolloutId, query, member))
        .toSorted(memberOrder(query.which))
        .slice(0, limit)
        .map((member) => seenMember(rolloutId, member));
    },

    listMembers: async (rolloutId, { states, wave, group, afterNodeId = '', limit }) =>
      visibleMembers(rolloutId)
        .filter((member) => member.nodeId > afterNodeId && (!states || states.includes(member.state)))
        .filter((member) => wave === undefined || member.wave === wave)
        .filter((member) => group === undefined || member.group === group)
        .toSorted(byNode)
        .slice(0, limit)
        .map(copy),

    async findMemberships(nodeId) {
      const found = [...rollouts.values()].flatMap(({ rollout, members }) => {
        const member = members.get(nodeId);
        const isShown = isVisibleRollout(behalf, rollout) && !isRolloutOver(rollout);
        return member && isShown && isVisibleMember(member) ? [{ rollout, member }] : [];
      });
      return inOrderOfRollouts(found).map(copy);
    },

    async findNewMembers(rolloutId, selector, limit) {
      const entry = find(rolloutId);
      if (!entry) return [];
      return [...fleet.nodes.all()]
        .filter(({ node: { nodeId } }) => findNode(nodeId) && !entry.members.has(nodeId))
        .filter((node) => matches(selector, fleetNode(node), nowMs))
        .map(({ node: { nodeId } }) => nodeId)
        .toSorted(byText)
        .slice(0, limit);
    },

    async changeRollout(change) {
      if (!isOfThisReading(change)) return false;
      keep(change);
      for (const body of change.events) tell(body);
      for (const { nodeId, command } of change.offered) {
        findNode(nodeId)?.commands.push(copy(command));
        tell({ nodeId, ...changeOfQueued(command) });
      }
      for (const { nodeId, commandId } of [...change.withdrawn, ...change.cancelled]) {
        const command = commandOf(nodeId, commandId);
        if (!command || command.result || command.cancelledAtMs !== undefined) continue;
        command.cancelledAtMs = nowMs;
        tell({ nodeId, ...changeOfCancelled(command) });
      }
      return true;
    },
  };
}

/** No answer has listed it, and nothing else has ended it. */
function isWithdrawable(command: CommandRecord | undefined): boolean {
  if (!command || command.result || command.listedAtMs !== undefined) return false;
  return command.cancelledAtMs === undefined && command.endedAtMs === undefined;
}

function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
