import type { RolloutMember } from '../fleet-store/rollout-member.js';
import type { Rollout } from '../fleet-store/rollout.js';
import { parseSelector } from '../selector/parse-selector.js';
import { groupOf } from './member-group.js';
import type { Alteration } from './plan.js';
import { rankOf } from './rank.js';
import { MEMBERS_MAX, memberOf } from './start-rollout.js';
import type { RolloutFleet } from './step-rollout.js';
import { countAll, memberCountOf } from './wave-counts.js';

const NEW_MAX = 1000;

/** Whether nodes that match its selector become members still: those of the last wave, as long as that is not over. */
export function takesNewMembers({ isDynamic, state, waveIndex, waves, waveOverAtMs }: Rollout): boolean {
  const isLastOver = waveIndex === waves.length - 1 && waveOverAtMs !== undefined;
  return isDynamic && state === 'running' && !isLastOver;
}

/** Makes members of nodes that match the selector of a rollout by now; nothing if there are none. */
export async function addingNewMembers(
  store: RolloutFleet,
  rollout: Rollout,
  nowMs: number,
): Promise<Alteration | undefined> {
  const { id, createdBy, scope, limits, revision, waves } = rollout;
  const fleet = store.as({ actor: createdBy, nowMs, scope });
  const room = Math.min(NEW_MAX, MEMBERS_MAX - memberCountOf(countAll(rollout.counts)));
  if (room <= 0) return undefined;
  const nodeIds = await fleet.findNewMembers(id, parseSelector(rollout.selector), room);
  const nodes = await fleet.findFleetNodes(nodeIds);
  if (nodes.length === 0) return undefined;
  const members = await Promise.all(
    nodes.map(async (node): Promise<RolloutMember> => {
      const { nodeId } = node.facts;
      const rank = await rankOf(id, nodeId);
      return memberOf({ nodeId, group: groupOf(limits, node), rank }, waves.length - 1, nowMs);
    }),
  );
  return (draft) => {
    // Somebody else may have added them since they were found.
    if (draft.rollout().revision === revision) draft.add(members);
  };
}
