import { commandState, isCommandOver } from '../fleet/command-state.js';
import type { Membership } from '../fleet-store/rollout-store.js';
import type { NamedRollout } from '../why/reason.js';
import { nodeReasons, type NodeReasons } from '../why/node-reasons.js';
import type { KnownMembership } from '../why/reasons-of-member.js';
import { type Call, requireNode, throwUnknownNode } from './call.js';

/** As many may be due, and some that are over are in between. */
const COMMANDS_MAX = 100;

export async function why(call: Call, nodeId: string): Promise<NodeReasons> {
  const { caller, nowMs, store } = call;
  const { node: record } = await requireNode(call, nodeId);
  const [[listed], status, commands, memberships] = await Promise.all([
    store.findFleetNodes([nodeId]),
    store.findStatus(nodeId),
    store.listCommands(nodeId, COMMANDS_MAX),
    store.findMemberships(nodeId),
  ]);
  // It was forgotten in between.
  if (!listed) return throwUnknownNode(nodeId);
  const known = await Promise.all(memberships.map((membership) => readMembership(call, membership)));
  const found = nodeReasons(
    {
      listed,
      record,
      status: status?.status,
      commands: commands.filter((command) => !isCommandOver(commandState(command, nowMs))).toReversed(),
      memberships: known.flatMap((membership) => membership ?? []),
    },
    nowMs,
  );
  return caller.role === 'view' ? withoutCodes(found) : found;
}

async function readMembership(call: Call, { rollout, member }: Membership): Promise<KnownMembership | undefined> {
  const { caller, fleet, nowMs, store } = call;
  const { id } = rollout;
  const [[seen], inFlight] = await Promise.all([
    store.readMembers(id, { which: 'named', nodeIds: [member.nodeId] }),
    // All of them count towards the limits.
    fleet.as({ actor: caller.actor, nowMs }).readMembers(id, { which: 'in-flight' }),
  ]);
  return seen && { rollout, seen, inFlight, heldBy: await nameOf(call, seen.heldBy) };
}

async function nameOf({ store }: Call, rolloutId: string | undefined): Promise<NamedRollout | undefined> {
  const rollout = rolloutId === undefined ? undefined : await store.findRollout(rolloutId);
  return rollout && { id: rollout.id, name: rollout.name };
}

function withoutCodes({ nodeId, reasons }: NodeReasons): NodeReasons {
  return {
    nodeId,
    reasons: reasons.map((reason) => {
      if (reason.code !== 'node-pending') return reason;
      const { approvalCode: _secret, ...shown } = reason;
      return shown;
    }),
  };
}
