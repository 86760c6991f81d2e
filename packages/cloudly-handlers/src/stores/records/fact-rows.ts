import { conditionsOfFacts, conditionText } from '../../alerts/conditions-of.js';
import {
  type AcceptedCommand,
  FACTS_VERSION,
  type NodeFacts,
  type NodeState,
  shownName,
} from '../../facts/node-facts.js';
import { factText } from '../../facts/fact-text.js';
import { foldText } from '../../facts/fold-text.js';
import { shownQuietSince } from '../../facts/quiet-since.js';
import { versionKey } from '../../facts/version-key.js';

/** Absent values are empty, and sort first. */
const NONE = '';
const NO_STORAGE = -1;
const CLONE_SUSPECTED = 'suspected';
const CLOCK_OFF = 'off';
const NEVER = 0;
const LEGACY = 'legacy';
/** Also of a node that accepts nothing. */
const ACCEPTED = ':';

export type FactColumns = ReturnType<typeof factColumns>;

/** Values by column, in the order of the table; without what the sweeper finds: `state`, `quiet_since_ms` and alerts. */
export function factColumns(facts: NodeFacts) {
  return {
    node_id: facts.nodeId,
    facts_version: FACTS_VERSION,
    registered_at_ms: facts.registeredAtMs,
    join_token_id: facts.joinTokenId,
    approval: facts.approval as string,
    clone: facts.isCloneSuspected ? CLONE_SUSPECTED : NONE,
    shown_name: factText(foldText(shownName(facts) ?? NONE)) ?? NONE,
    name: facts.name ?? NONE,
    hostname: facts.hostname ?? NONE,
    uuid: facts.uuid ?? NONE,
    device_type: facts.deviceType ?? NONE,
    os_version: facts.osVersion ?? NONE,
    os_key: versionKey(facts.osVersion ?? NONE),
    agent_version: facts.agentVersion ?? NONE,
    agent_key: versionKey(facts.agentVersion ?? NONE),
    supervisor_state: (facts.supervisorState ?? NONE) as string,
    supervisor_version: facts.supervisorVersion ?? NONE,
    supervisor_key: versionKey(facts.supervisorVersion ?? NONE),
    app_id: facts.appId === undefined ? NONE : String(facts.appId),
    release_commit: facts.commit ?? NONE,
    staged_commit: facts.stagedCommit ?? NONE,
    update_state: (facts.updateState ?? NONE) as string,
    updates_mode: facts.updatesMode ?? NONE,
    gate: facts.gate ?? NONE,
    free_storage_percent: facts.freeStoragePercent ?? NO_STORAGE,
    label_text: facts.labelText,
    search_text: facts.searchText,
    crash_loop_at_ms: facts.crashLoopAtMs ?? NEVER,
    clock: facts.isClockOff ? CLOCK_OFF : NONE,
    conditions: conditionText(conditionsOfFacts(facts)),
    legacy: facts.isLegacy ? LEGACY : NONE,
    accepted_commands: facts.acceptedCommands ? ACCEPTED + facts.acceptedCommands.join(',') : NONE,
  };
}

const nothing: NodeFacts = {
  nodeId: '',
  registeredAtMs: 0,
  joinTokenId: '',
  approval: 'pending',
  isCloneSuspected: false,
  labelText: '',
  searchText: '',
};

/** The columns of {@link FactColumns}, in their order. */
export const factColumnNames = Object.keys(factColumns(nothing)) as readonly (keyof FactColumns)[];

/** What the facts are read from. */
export type FactRow = Omit<FactColumns, 'facts_version' | 'shown_name' | 'conditions' | `${string}_key`>;

/** The columns of a {@link FactRow}. */
export const factRowColumns: string = [
  'node_id, registered_at_ms, join_token_id, approval, clone, name, hostname, uuid, device_type, os_version, agent_version',
  'supervisor_state, supervisor_version, app_id, release_commit, staged_commit, update_state, updates_mode, gate',
  'free_storage_percent, label_text, search_text, crash_loop_at_ms, clock, legacy, accepted_commands',
].join(', ');

/** The facts that `factColumns` has kept; of a node whose facts are still to be derived, those that are there. */
export function factsOfRow(row: FactRow): NodeFacts {
  const texts = {
    name: row.name,
    hostname: row.hostname,
    uuid: row.uuid,
    deviceType: row.device_type,
    osVersion: row.os_version,
    agentVersion: row.agent_version,
    supervisorState: row.supervisor_state,
    supervisorVersion: row.supervisor_version,
    commit: row.release_commit,
    stagedCommit: row.staged_commit,
    updateState: row.update_state,
    updatesMode: row.updates_mode,
    gate: row.gate,
  };
  return {
    nodeId: row.node_id,
    registeredAtMs: row.registered_at_ms,
    joinTokenId: row.join_token_id,
    approval: row.approval as NodeFacts['approval'],
    isCloneSuspected: row.clone !== NONE,
    ...(Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== NONE)) as Partial<NodeFacts>),
    ...(row.app_id !== NONE && { appId: Number(row.app_id) }),
    ...(row.free_storage_percent !== NO_STORAGE && { freeStoragePercent: row.free_storage_percent }),
    ...(row.crash_loop_at_ms !== NEVER && { crashLoopAtMs: row.crash_loop_at_ms }),
    ...(row.clock === CLOCK_OFF && { isClockOff: true }),
    labelText: row.label_text,
    searchText: row.search_text,
    ...(row.legacy !== NONE && { isLegacy: true }),
    ...(row.accepted_commands !== NONE && { acceptedCommands: acceptedOf(row.accepted_commands) }),
  };
}

function acceptedOf(text: string): AcceptedCommand[] {
  return text
    .slice(ACCEPTED.length)
    .split(',')
    .filter((kind) => kind !== '') as AcceptedCommand[];
}

export interface StateRow {
  state: string;
  quiet_since_ms: number;
}

/** How a node is heard, as a list shows it. */
export function shownStateOf({ state, quiet_since_ms }: StateRow): { state: NodeState; quietSinceMs?: number } {
  const quietSinceMs = shownQuietSince(quiet_since_ms);
  return { state: state as NodeState, ...(quietSinceMs !== undefined && { quietSinceMs }) };
}
