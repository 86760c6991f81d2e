import { commandKinds, type RuntimeStatus } from '@serve.zone/baseos-contracts';
import { isContested } from '../fleet/clone-suspicion.js';
import type { NodeProfile } from '../fleet/node-profile.js';
import type { NodeRecord } from '../fleet/node-record.js';
import { crashLoopAtMs } from '../fleet/restarts.js';
import { approvalOf } from './approval.js';
import { factText } from './fact-text.js';
import type { AcceptedCommand, NodeFacts } from './node-facts.js';
import { labelTextOf } from './label-text.js';
import { searchTextOf } from './search-text.js';
import { updateStateOf } from './update-state.js';

/** What the facts of a node are derived from. */
export interface FactSources {
  node: NodeRecord;
  /** The last one. Without it, what was derived of it `before` stays: it may be large, and need not be read for that. */
  status?: RuntimeStatus | undefined;
  profile: Pick<NodeProfile, 'name' | 'labels'>;
  /** In the steps that a store keeps. */
  freeStoragePercent?: number | undefined;
  /** By its last heartbeats. */
  isClockOff?: boolean | undefined;
  /** The facts of before, if there are any. */
  before?: Partial<NodeFacts> | undefined;
}

/** The facts of a node. Pure; whoever changes what comes of it also counts `FACTS_VERSION` up. */
export function factsOf({ node, status, profile, freeStoragePercent, isClockOff, before }: FactSources): NodeFacts {
  const { nodeId, registeredAtMs, joinTokenId } = node;
  const facts = withoutAbsent({
    nodeId,
    registeredAtMs,
    joinTokenId,
    approval: approvalOf(node),
    isCloneSuspected: isContested(node),
    crashLoopAtMs: crashLoopAtMs(node.supersededBoots),
    isLegacy: node.registrationKeyHash === undefined ? (true as const) : undefined,
    name: factText(profile.name),
    ...(status ? factsOfStatus(status, before) : factsOfLastStatus(before)),
    freeStoragePercent,
    isClockOff: isClockOff ? (true as const) : undefined,
  });
  const { labels } = profile;
  return { ...facts, labelText: labelTextOf(labels), searchText: searchTextOf(facts, labels) };
}

function factsOfStatus(status: RuntimeStatus, before: FactSources['before']) {
  const { agent, host, device, supervisor, updates } = status;
  return {
    hostname: factText(host.hostname),
    uuid: factText(device.uuid),
    deviceType: factText(device.type),
    osVersion: factText(host.osVersion),
    agentVersion: factText(agent.version),
    supervisorState: supervisorStateOf(supervisor),
    supervisorVersion: supervisor.state === 'available' ? factText(supervisor.version) : undefined,
    commit: factText(commitOf(supervisor, device.appId)) ?? before?.commit,
    appId: device.appId,
    stagedCommit: factText(updates?.staged),
    updateState: updateStateOf(status),
    updatesMode: factText(updates?.mode),
    gate: factText(updates?.gate),
    acceptedCommands: acceptedOf(status),
  };
}

function factsOfLastStatus(before: Partial<NodeFacts> = {}): ReturnType<typeof factsOfStatus> {
  const { hostname, uuid, deviceType, osVersion, agentVersion, supervisorState, supervisorVersion } = before;
  const { commit, appId, stagedCommit, updateState, updatesMode, gate, acceptedCommands } = before;
  const ofHost = { hostname, uuid, deviceType, osVersion, agentVersion, supervisorState, supervisorVersion };
  return { ...ofHost, commit, appId, stagedCommit, updateState, updatesMode, gate, acceptedCommands };
}

function acceptedOf({ acceptedCommands }: RuntimeStatus): AcceptedCommand[] | undefined {
  return knownCommands.filter((known) => acceptedCommands.includes(known));
}

const knownCommands: readonly AcceptedCommand[] = [...commandKinds, 'force'];

/** A word of a newer node passes, too. */
function supervisorStateOf({ state }: RuntimeStatus['supervisor']): RuntimeStatus['supervisor']['state'] | undefined {
  return factText(state) as typeof state | undefined;
}

/** The Supervisor omits the release of the device while it applies another one; then it is the one of the node's own app. */
function commitOf(supervisor: RuntimeStatus['supervisor'], appId: number | undefined): string | undefined {
  if (supervisor.state !== 'available') return undefined;
  return supervisor.device.commit ?? supervisor.apps.find((app) => app.appId === appId)?.commit;
}

type WithoutAbsent<Values> = { [Key in keyof Values as undefined extends Values[Key] ? never : Key]: Values[Key] } & {
  [Key in keyof Values as undefined extends Values[Key] ? Key : never]?: Exclude<Values[Key], undefined>;
};

function withoutAbsent<const Values extends object>(values: Values): WithoutAbsent<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as WithoutAbsent<Values>;
}
