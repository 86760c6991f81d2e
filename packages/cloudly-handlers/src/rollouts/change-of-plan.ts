import { commandEndsAtMs } from '../fleet/command-end.js';
import type { CommandRecord } from '../fleet/command-record.js';
import { askedOf } from '../fleet/listed-command.js';
import { uuid5 } from '../fleet/uuid5.js';
import type { RolloutMember, SeenMember } from '../fleet-store/rollout-member.js';
import type { OfferedCommand, RolloutChange } from '../fleet-store/rollout-store.js';
import type { Rollout } from '../fleet-store/rollout.js';
import type { Plan } from './draft.js';

/** What a store is to keep of a plan: with the commands that it offers. */
export async function changeOfPlan(planned: Plan, nowMs: number): Promise<RolloutChange> {
  const { rollout, isUnsettled, events, withdrawn, cancelled } = planned;
  const offered = await Promise.all(planned.offered.map((seen) => offerOf(seen, rollout, nowMs)));
  const commandIds = new Map(offered.map(({ nodeId, command }) => [nodeId, command.id]));
  const withCommand = (member: RolloutMember): RolloutMember => {
    const commandId = commandIds.get(member.nodeId);
    return commandId === undefined ? member : { ...member, commandId };
  };
  return {
    rollout,
    isUnsettled,
    members: planned.members.map(withCommand),
    ...(planned.added.length > 0 && { added: planned.added }),
    ...(planned.isCleared && { isCleared: true }),
    ...(planned.isReleased && { isReleased: true }),
    offered,
    withdrawn,
    cancelled,
    events,
  };
}

async function offerOf(
  { member, lastHeartbeat }: SeenMember,
  rollout: Rollout,
  nowMs: number,
): Promise<OfferedCommand> {
  const { nodeId, offerCount } = member;
  const asked = askedOf({ ...rollout.command, id: await commandIdOf(rollout.id, nodeId, offerCount) });
  const times = { queuedAtMs: nowMs, expiresAtMs: nowMs + rollout.limits.commandDueMs };
  const missedAfterMs = lastHeartbeat ? lastHeartbeat.expectedByMs - lastHeartbeat.receivedAtMs : 0;
  const endsAtMs = commandEndsAtMs({ ...asked, ...times }, missedAfterMs);
  const command: CommandRecord = { ...asked, ...times, endsAtMs, rolloutId: rollout.id };
  return { nodeId, command };
}

/** The same for the same offer, in every process: so none of them offers it twice. */
export function commandIdOf(rolloutId: string, nodeId: string, offerCount: number): Promise<string> {
  return uuid5(rolloutId, `${nodeId}/${offerCount}`);
}
