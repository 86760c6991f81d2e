import type { HeartbeatRequest } from '@serve.zone/baseos-contracts';
import { recordBoot, isAcceptedByToken, noteRefused, recordReturn } from './boots.ts';
import { dueCommands, takeResults } from './commands.ts';
import type { Fleet, NodeRecord } from './fleet.ts';
import { findNodeByToken, isRotationDue, issueToken, useToken } from './node-tokens.ts';
import { HEARTBEAT_INTERVAL_MS } from './pace.ts';
import { refuse, type Verdict } from './verdict.ts';

/** Judges a well-formed heartbeat by rows 4 to 7 of H-1, without a pause between reads and writes. */
export function judgeHeartbeat(fleet: Fleet, message: HeartbeatRequest, tokenHash: string, nowMs: number): Verdict {
  const { nodeId, bootId, sequence, commandResults = [] } = message;
  const node = findNodeByToken(fleet, tokenHash);
  if (node?.nodeId !== nodeId) return refuse('node-token-unknown');
  if (node.isRevoked) return refuse('node-revoked', { nodeId });
  if (!isAcceptedByToken(node, bootId, tokenHash)) {
    noteRefused(node, bootId);
    return refuse('node-token-unknown', { detail: 'An operator chose another device for this identity.' });
  }

  recordBoot(node, bootId);
  recordReturn(node, bootId, sequence, nowMs);
  // If there are two devices, both keep their token until an operator decides (C-4).
  if (!node.isCloneSuspected) useToken(fleet, node, tokenHash);
  const isNewest = bootId === node.bootId && sequence > node.lastSequence;
  if (isNewest) keepReport(node, message, nowMs);
  // They count as delivered with the 200, so those of a late heartbeat are accepted, too (H-8).
  takeResults(node, commandResults);

  return {
    status: 200,
    body: {
      accepted: true,
      heartbeatIntervalMs: HEARTBEAT_INTERVAL_MS,
      ...(isNewest && node.statusHash !== message.statusHash && { sendFullStatus: true }),
      ...(node.isCloneSuspected && { cloneSuspected: true }),
      ...(isNewest && !node.isCloneSuspected && whatIsFor(fleet, node, tokenHash, nowMs)),
    },
  };
}

function keepReport(node: NodeRecord, message: HeartbeatRequest, nowMs: number): void {
  const { sequence, status, statusHash, vitals } = message;
  Object.assign(node, {
    lastSequence: sequence,
    lastSeenAtMs: nowMs,
    vitals,
    ...(status && { status, statusHash }),
  } satisfies Partial<NodeRecord>);
}

/** Only the running process gets commands and a token. */
function whatIsFor(fleet: Fleet, node: NodeRecord, tokenHash: string, nowMs: number) {
  return {
    ...desiredStateOf(node, nowMs),
    ...(isRotationDue(node, tokenHash, nowMs) && { nextNodeToken: issueToken(fleet, node, nowMs) }),
  };
}

/** Complete once there was a command, so that the node also learns that there is no longer one (D-1, D-16). */
function desiredStateOf(node: NodeRecord, nowMs: number) {
  const { updates } = node;
  if (node.commands.length === 0 && updates === undefined) return {};
  return { desiredState: { ...(updates && { settings: { updates } }), commands: dueCommands(node, nowMs) } };
}
