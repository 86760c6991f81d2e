import type { CommandRecord } from '../../src/fleet/command-record.js';
import type { StoredHeartbeat } from '../../src/fleet/node-report.js';
import type { FleetNode } from '../../src/fleet-store/fleet-node.js';
import type { RolloutMember, SeenMember } from '../../src/fleet-store/rollout-member.js';
import type { Rollout, WaveCounts } from '../../src/fleet-store/rollout.js';
import type { RolloutView } from '../../src/rollouts/rollout-view.js';
import { countMoved, noMembers } from '../../src/rollouts/wave-counts.js';
import { NOW_MS } from '../../src/stores/suite/fixtures.js';

/** A rollout that runs, with one wave. */
export function rolloutRecord(changes: Partial<Rollout> = {}): Rollout {
  return {
    id: '11111111-1111-4111-8111-111111111111',
    revision: 7,
    name: 'Autumn',
    command: { kind: 'update', commit: 'new' },
    selector: '',
    createdAtMs: NOW_MS,
    createdBy: 'operator:ada',
    role: 'operate',
    waves: [{ gate: 'auto', soakMs: 0 }],
    limits: {
      maxInFlight: 2,
      failPercent: 10,
      failMin: 3,
      attempts: 1,
      commandDueMs: 3_600_000,
      deferredDueMs: 7 * 86_400_000,
    },
    isDynamic: false,
    needsApproval: false,
    state: 'running',
    waveIndex: 0,
    counts: [noMembers],
    ...changes,
  };
}

export function fleetNode(nodeId: string, changes: Partial<FleetNode> = {}): FleetNode {
  return {
    facts: {
      nodeId,
      registeredAtMs: NOW_MS,
      joinTokenId: 'join',
      approval: 'approved',
      isCloneSuspected: false,
      commit: 'old',
      updateState: 'idle',
      labelText: '',
      searchText: '',
    },
    labels: {},
    state: 'online',
    alerts: [],
    ...changes,
  };
}

/** A member whose node is online, and which was not offered anything. */
export function seenMember(
  nodeId: string,
  changes: Partial<RolloutMember> = {},
  others: Partial<Omit<SeenMember, 'member'>> = {},
): SeenMember {
  return {
    member: {
      nodeId,
      wave: 0,
      group: '',
      rank: nodeId,
      state: 'held',
      sinceMs: NOW_MS,
      offerCount: 0,
      failureCount: 0,
      isHolding: false,
      ...changes,
    },
    node: fleetNode(nodeId),
    lastHeartbeat: heardAt(NOW_MS),
    ...others,
  };
}

/** A member with a command that no answer has listed. */
export function offeredMember(
  nodeId: string,
  command: Partial<CommandRecord> = {},
  changes: Partial<RolloutMember> = {},
) {
  const commandId = `command of ${nodeId}`;
  const ofMember = { state: 'offered', offerCount: 1, isHolding: true, commandId } as const;
  return seenMember(nodeId, { ...ofMember, ...changes }, { command: { ...offeredCommand(commandId), ...command } });
}

/** A member whose command was listed. */
export function runningMember(
  nodeId: string,
  command: Partial<CommandRecord> = {},
  changes: Partial<RolloutMember> = {},
) {
  return offeredMember(nodeId, { listedAtMs: NOW_MS, ...command }, { state: 'running', ...changes });
}

function offeredCommand(id: string): CommandRecord {
  const times = { queuedAtMs: NOW_MS, expiresAtMs: NOW_MS + 3_600_000, endsAtMs: NOW_MS + 7_200_000 };
  return { id, kind: 'update', commit: 'new', ...times };
}

/** Every minute. */
export function heardAt(receivedAtMs: number, changes: Partial<StoredHeartbeat> = {}): StoredHeartbeat {
  return { bootId: 'boot', sequence: 1, receivedAtMs, expectedByMs: receivedAtMs + 120_000, ...changes };
}

/** A reading of all members of a rollout, which counts them. */
export function viewOf(members: readonly SeenMember[], changes: Partial<Rollout> = {}): RolloutView {
  const rollout = rolloutRecord(changes);
  let counts: WaveCounts[] = rollout.waves.map(() => noMembers);
  for (const { member } of members) counts = countMoved(counts, member.wave, undefined, member.state);
  return { rollout: { ...rollout, counts }, members };
}
