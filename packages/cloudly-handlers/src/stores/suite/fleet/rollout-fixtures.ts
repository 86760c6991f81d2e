import type { Actor } from '../../../events/actor.js';
import type { CommandRecord } from '../../../fleet/command-record.js';
import type { FleetStore, OperatorStore } from '../../../fleet-store/fleet-store.js';
import type { RolloutMember, SeenMember } from '../../../fleet-store/rollout-member.js';
import type { RolloutChange } from '../../../fleet-store/rollout-store.js';
import type { Rollout } from '../../../fleet-store/rollout.js';
import { commandRecord, NOW_MS } from '../fixtures.js';
import { ADA, addLabelled, asAda } from './fleet-fixtures.js';

/** A rollout of two waves, which runs. */
export function rolloutRecord(id: string, changes: Partial<Rollout> = {}): Rollout {
  return {
    id,
    revision: 0,
    name: `rollout "${id}"`,
    command: { kind: 'update', commit: 'c0ffee' },
    selector: 'label.site=berlin',
    createdAtMs: NOW_MS,
    createdBy: ADA,
    role: 'operate',
    waves: [
      { select: 'label.canary', size: { count: 1 }, gate: 'manual', soakMs: 0 },
      { gate: 'auto', soakMs: 900_000 },
    ],
    limits: { maxInFlight: 5, failPercent: 10, failMin: 3, attempts: 1, commandDueMs: 86_400_000, deferredDueMs: 1000 },
    isDynamic: false,
    needsApproval: false,
    state: 'running',
    waveIndex: 0,
    counts: [],
    ...changes,
  };
}

/** A held member of the first wave, whose rank is its ID. */
export function memberOf(nodeId: string, changes: Partial<RolloutMember> = {}): RolloutMember {
  return {
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
  };
}

/** A member that is offered the command `<node ID>-1`. */
export function offeredMember(nodeId: string, changes: Partial<RolloutMember> = {}): RolloutMember {
  return memberOf(nodeId, { state: 'offered', offerCount: 1, commandId: `${nodeId}-1`, isHolding: true, ...changes });
}

/** What each change of these tests is about, without the rollout. */
export type Part = Partial<Omit<RolloutChange, 'rollout'>>;

export function changeOf(rollout: Rollout, part: Part = {}): RolloutChange {
  return { rollout, isUnsettled: true, members: [], offered: [], withdrawn: [], cancelled: [], events: [], ...part };
}

/** Adds a rollout with these members, and resolves with it as it is kept. */
export async function begin(operator: OperatorStore, rollout: Rollout, members: RolloutMember[]): Promise<Rollout> {
  const isKept = await operator.changeRollout(changeOf(rollout, { added: members }));
  if (!isKept) throw new Error(`the rollout ${rollout.id}: expected to be kept, but was not`);
  return { ...rollout, revision: rollout.revision + 1 };
}

/** Changes the rollout as it is now, and resolves with whether that was kept. */
export async function change(operator: OperatorStore, rolloutId: string, part: Part): Promise<boolean> {
  const rollout = await operator.findRollout(rolloutId);
  if (!rollout) throw new Error(`the rollout ${rolloutId}: expected one, but got none`);
  return operator.changeRollout(changeOf(rollout, part));
}

/** Adds nodes, and a rollout that has offered each its command. */
export async function beginOffered(
  store: FleetStore,
  nodeIds: readonly string[],
  { id = 'r', actor = ADA }: { id?: string; actor?: Actor } = {},
): Promise<void> {
  for (const nodeId of nodeIds) await addLabelled(store, nodeId);
  const operator = asAda(store);
  const members = nodeIds.map((nodeId) => memberOf(nodeId));
  await begin(operator, rolloutRecord(id, { createdBy: actor }), members);
  const offered = nodeIds.map((nodeId) => ({ nodeId, command: commandFor(nodeId, id) }));
  const isKept = await change(operator, id, { members: nodeIds.map((nodeId) => offeredMember(nodeId)), offered });
  if (!isKept) throw new Error(`the offers of ${id}: expected to be kept, but were not`);
}

/** The command of a node's first offer. */
export function commandFor(nodeId: string, rolloutId = 'r', changes: Partial<CommandRecord> = {}): CommandRecord {
  return commandRecord(`${nodeId}-1`, { rolloutId, commit: 'c0ffee', ...changes });
}

/** The IDs of members, as they come. */
export async function idsOf(seen: Promise<readonly (SeenMember | RolloutMember)[]>): Promise<string[]> {
  return (await seen).map((one) => ('member' in one ? one.member.nodeId : one.nodeId));
}

export function inOrder(ids: readonly string[]): string[] {
  return ids.toSorted((one, other) => (one < other ? -1 : 1));
}
