import type { NodeAlertKind } from '../alerts/alert-kinds.js';
import { factText } from '../facts/fact-text.js';
import { foldText } from '../facts/fold-text.js';
import { type NodeFacts, type NodeState, shownName } from '../facts/node-facts.js';
import { NEVER_SEEN_MS, NOT_QUIET_MS } from '../facts/quiet-since.js';
import { versionKey } from '../facts/version-key.js';
import { searchedText } from './searched-text.js';
import { selectorFields } from './selector-fields.js';
import type { Comparison, LabelCondition, Scope, Selector, SelectorTerm, TextField } from './selector.js';

/** What a selector is about: a node as it is in a list. */
export interface SelectableNode {
  facts: NodeFacts;
  labels: Labels;
  state: NodeState;
  /** Absent while it is online and if it was never seen. */
  quietSinceMs?: number;
  /** The kinds of its alerts that are open. */
  alerts: readonly NodeAlertKind[];
}

type Labels = Readonly<Record<string, string>>;

/** Whether the selector matches the node, at this time. The stores find the same nodes by SQL. */
export function matches({ terms }: Selector, node: SelectableNode, nowMs: number): boolean {
  return terms.every((term) => matchesTerm(term, node, nowMs) !== term.isNot);
}

/** Whether a node with these labels is in scope; every node is if there is none. */
export function isInScope(scope: Scope | undefined, labels: Labels): boolean {
  return scope?.terms.every((term) => hasLabel(term, labels) !== term.isNot) ?? true;
}

function matchesTerm(term: SelectorTerm, node: SelectableNode, nowMs: number): boolean {
  const { facts } = node;
  if ('contains' in term) {
    if (term.field === 'words') return facts.searchText.includes(foldText(term.contains));
    return searchedText(term.field, valueOf(facts, term.field)).includes(searchedText(term.field, term.contains));
  }
  if ('version' in term) {
    const key = versionKey(valueOf(facts, term.field));
    return key !== '' && compares(key, term.comparison, versionKey(term.version));
  }
  if ('percent' in term) {
    const { freeStoragePercent } = facts;
    return freeStoragePercent !== undefined && compares(freeStoragePercent, term.comparison, term.percent);
  }
  if ('durationMs' in term) {
    const sinceMs = term.field === 'seen' ? quietSinceOf(node) : facts.registeredAtMs;
    return sinceMs > NEVER_SEEN_MS && compares(nowMs - term.durationMs, term.comparison, sinceMs);
  }
  if (term.field === 'label') return hasLabel(term, node.labels);
  if (term.field === 'alert') return hasAlert(term.anyOf, node.alerts);
  if (term.field === 'state') return term.anyOf.includes(node.state);
  return hasText(term, valueOf(facts, term.field));
}

function hasAlert(anyOf: readonly NodeAlertKind[], alerts: readonly NodeAlertKind[]): boolean {
  return anyOf.length === 0 ? alerts.length === 0 : anyOf.some((kind) => alerts.includes(kind));
}

function hasText({ field, anyOf }: { field: TextField; anyOf: readonly string[] }, value: string): boolean {
  if (anyOf.length === 0) return value === '';
  if (selectorFields[field].isFoundByBeginning) return anyOf.some((beginning) => value.startsWith(beginning));
  return (field === 'name' ? anyOf.map(foldText) : anyOf).includes(value);
}

function hasLabel({ key, anyOf }: LabelCondition, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (anyOf === undefined) return value !== undefined;
  return anyOf.length === 0 ? (value ?? '') === '' : value !== undefined && anyOf.includes(value);
}

function quietSinceOf({ state, quietSinceMs }: SelectableNode): number {
  return quietSinceMs ?? (state === 'online' ? NOT_QUIET_MS : NEVER_SEEN_MS);
}

function compares<Value extends number | string>(one: Value, comparison: Comparison, other: Value): boolean {
  if (one === other) return comparison.endsWith('=');
  return one < other === comparison.startsWith('<');
}

/** Empty if the node has none. */
function valueOf(facts: NodeFacts, field: TextField): string {
  return valuesOf[field](facts) ?? '';
}

const valuesOf: Readonly<Record<TextField, (facts: NodeFacts) => string | undefined>> = {
  id: ({ nodeId }) => nodeId,
  name: (facts) => factText(foldText(shownName(facts) ?? '')),
  hostname: ({ hostname }) => hostname,
  uuid: ({ uuid }) => uuid,
  type: ({ deviceType }) => deviceType,
  os: ({ osVersion }) => osVersion,
  agent: ({ agentVersion }) => agentVersion,
  supervisor: ({ supervisorVersion }) => supervisorVersion,
  'supervisor-state': ({ supervisorState }) => supervisorState,
  app: ({ appId }) => (appId === undefined ? undefined : String(appId)),
  commit: ({ commit }) => commit,
  staged: ({ stagedCommit }) => stagedCommit,
  update: ({ updateState }) => updateState,
  mode: ({ updatesMode }) => updatesMode,
  gate: ({ gate }) => gate,
  approval: ({ approval }) => approval,
  clone: ({ isCloneSuspected }) => (isCloneSuspected ? 'suspected' : undefined),
  'join-token': ({ joinTokenId }) => joinTokenId,
};
