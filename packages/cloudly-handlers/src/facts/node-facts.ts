import type { CommandKind, SupervisorStatus, UpdatesStatus } from '@serve.zone/baseos-contracts';

/** Counts the versions of `factsOf`: older facts are derived again, because a status that stays the same is not sent again. */
export const FACTS_VERSION = 3;

/** What a node does with its target release: `held` behind its closed gate. */
export type UpdateState = 'idle' | 'downloading' | 'held' | 'installing' | 'failed';

export type AcceptedCommand = CommandKind | 'force';

export type NodeApproval = 'pending' | 'approved' | 'revoked';

/**
 * What operators filter and sort nodes by: derived from a node's record, its last status and its profile whenever one of
 * them changes. What a node does not report is absent.
 */
export interface NodeFacts {
  nodeId: string;
  registeredAtMs: number;
  joinTokenId: string;
  approval: NodeApproval;
  isCloneSuspected: boolean;
  /** When the agent has restarted last, if that was so often within an hour that it is in a crash loop. */
  crashLoopAtMs?: number;
  /** It speaks the protocol of before, which has no commands. */
  isLegacy?: true;
  /** The kinds of command that it accepts, and `force`, of those that are known here. */
  acceptedCommands?: AcceptedCommand[];
  /** The operator's name for it. */
  name?: string;
  hostname?: string;
  /** Of the device in balena. */
  uuid?: string;
  deviceType?: string;
  osVersion?: string;
  agentVersion?: string;
  supervisorState?: SupervisorStatus['state'];
  supervisorVersion?: string;
  appId?: number;
  /** The release that the device runs, as its Supervisor last named it. */
  commit?: string;
  /** The release that waits behind the gate. */
  stagedCommit?: string;
  updateState?: UpdateState;
  updatesMode?: UpdatesStatus['mode'];
  gate?: UpdatesStatus['gate'];
  /** Of the file system of the agent's state: in steps of 5, so that it seldom changes. */
  freeStoragePercent?: number;
  /** Its clock is minutes from Cloudly's. */
  isClockOff?: true;
  /** The labels, to search: each as `key=value` on a line. */
  labelText: string;
  /** Words to search, folded: name, hostname, node ID, device UUID, type and the values of labels. */
  searchText: string;
}

/** How a node that may send heartbeats is heard. */
export type ReportedState = 'never-seen' | 'online' | 'late' | 'offline';

/**
 * Where a node stands, in one word: `pending` and `revoked` come before how it is heard. `late`: the heartbeat that was
 * expected within two intervals has not come. `offline`: nor in three further intervals, and for a minute at least.
 */
export type NodeState = 'pending' | 'revoked' | ReportedState;

/** Not of a node that may not send heartbeats. */
export function isReportedState(state: NodeState): state is ReportedState {
  return state !== 'pending' && state !== 'revoked';
}

export const nodeStates: readonly NodeState[] = ['pending', 'revoked', 'never-seen', 'online', 'late', 'offline'];

/** The name that people see: the operator's, else the device's own. */
export function shownName({ name, hostname }: Pick<NodeFacts, 'name' | 'hostname'>): string | undefined {
  return name ?? hostname;
}
