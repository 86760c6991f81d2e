import {
  type CommandResult,
  type HeartbeatRequest,
  PROTOCOL_VERSION,
  type RunningCommand,
} from '@serve.zone/baseos-contracts';
import type { LoopState } from './loop-state.js';
import type { NodeReport } from './node-report.js';
import type { SentHeartbeat, Turn } from './step.js';

export interface HeartbeatRequestParts {
  turn: Turn;
  report: NodeReport;
  bootId: string;
  sequence: number;
  results: CommandResult[];
  /** The command that is running, if there is one. */
  running?: RunningCommand | undefined;
  isLegacy: boolean;
}

/**
 * The next heartbeat. It contains the status unless Cloudly has it or has rejected it; a legacy Cloudly keeps nothing
 * and gets it every time. Until a heartbeat without a refused status was accepted, it contains nothing of commands either.
 */
export function heartbeatRequest(
  parts: HeartbeatRequestParts,
): { request: HeartbeatRequest } & Pick<SentHeartbeat, 'carriedStatus' | 'isMinimal'> {
  const { turn, report, results, running } = parts;
  const { state, now } = turn;
  const { statusHash, status, vitals } = report;
  const isMinimal = isMinimalDue(state, statusHash, now.monotonicMs);
  const isBare = state.minimalUntil?.isAccepted === false;
  const isStatusKnown = !parts.isLegacy && state.acknowledgedStatusHash === statusHash;
  const carriedStatus = !isMinimal && !isStatusKnown;
  const request: HeartbeatRequest = {
    protocol: PROTOCOL_VERSION,
    nodeId: turn.identity.nodeId,
    bootId: parts.bootId,
    sequence: parts.sequence,
    statusHash,
    ...(carriedStatus && { status }),
    vitals,
    ...(!isBare && running && { runningCommand: running }),
    ...(!isBare && results.length > 0 && { commandResults: results }),
  };
  return { request, carriedStatus, isMinimal };
}

/** A status that changes with every turn must not be rejected again before Cloudly has received a heartbeat. */
function isMinimalDue({ minimalUntil }: LoopState, statusHash: string, nowMs: number): boolean {
  if (minimalUntil === undefined) return false;
  return !minimalUntil.isAccepted || (minimalUntil.statusHash === statusHash && nowMs < minimalUntil.atMs);
}
