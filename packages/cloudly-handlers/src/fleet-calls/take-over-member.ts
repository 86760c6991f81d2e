import type { RolloutMember } from '../fleet-store/rollout-member.js';
import { givingUp } from '../rollouts/alterations.js';
import { isOver } from '../rollouts/draft.js';
import { alterRollout, throwUnfit } from './alter-rollout.js';
import { type Call, requireRole } from './call.js';
import { FleetError } from './fleet-error.js';
import { requireOwnRollout } from './rollouts.js';

export async function takeOverMember(call: Call, rolloutId: string, nodeId: string): Promise<RolloutMember> {
  const rollout = await requireOwnRollout(call, rolloutId);
  if (isOver(rollout)) throwUnfit(rollout, 'It offers nothing any longer.');
  const [seen] = await call.store.readMembers(rolloutId, { which: 'named', nodeIds: [nodeId] });
  if (!seen) throwNoMember(`Node ${nodeId} is no member of rollout ${rollout.name}`, 'List its members.');
  const { heldBy } = seen;
  if (heldBy === undefined) throwNoMember(`No other rollout holds node ${nodeId}`, 'It has its turn by itself.');
  const { store } = call;
  const holder = await store.findRollout(heldBy);
  if (holder?.createdBy !== call.caller.actor) {
    // With a scope, there are no rollouts of others.
    requireRole(call, holder ? 'admin' : 'unscoped-admin', 'take a node from a rollout of somebody else');
  }
  const { planned } = await alterRollout(
    call,
    heldBy,
    (draft, view) => {
      const held = view.members.find(({ member }) => member.nodeId === nodeId);
      if (held?.member.state === 'running' || (held?.command && held.command.listedAtMs !== undefined)) {
        throwRunning(nodeId, view.rollout.name);
      }
      givingUp(nodeId)(draft, view);
    },
    [{ which: 'named', nodeIds: [nodeId] }],
  );
  const given = planned.members.find((member) => member.nodeId === nodeId);
  return given ?? throwNoMember(`No other rollout holds node ${nodeId}`, 'It has its turn by itself.');
}

function throwNoMember(message: string, remedy: string): never {
  throw new FleetError('member-unknown', message, { remedy });
}

function throwRunning(nodeId: string, name: string): never {
  throw new FleetError('member-running', `Node ${nodeId} may have begun the command of rollout ${name}`, {
    remedy: 'Wait for its result, or stop that rollout.',
  });
}
