import type { NodeAlertKind } from '../alerts/alert-kinds.js';
import type { NodeState } from '../facts/node-facts.js';

/** Which nodes: those that all terms match. Without terms, all of them. `parseSelector` makes one of a text. */
export interface Selector {
  terms: readonly SelectorTerm[];
}

export type SelectorTerm = {
  /** Matches the nodes that the rest of the term does not match, those without a value included. */
  isNot: boolean;
} & (
  | { field: 'state'; anyOf: readonly NodeState[] }
  /**
   * Has one of these values, or begins so if the field `isFoundByBeginning`; `anyOf` is empty for `field=`, which matches nodes
   * without a value. `name` is the shown name, however it is written.
   */
  | { field: TextField; anyOf: readonly string[] }
  /** Contains the text, in whichever case. */
  | { field: TextField; contains: string }
  | { field: VersionField; comparison: Comparison; version: string }
  /** Has one of these alerts, snoozed or not; `anyOf` is empty for `alert=`, which matches nodes without any. */
  | { field: 'alert'; anyOf: readonly NodeAlertKind[] }
  | { field: 'storage'; comparison: Comparison; percent: number }
  /** Quiet for longer, or for less; a node that is online is quiet for no time, one that was never seen for none that compares. */
  | { field: 'seen'; comparison: '<' | '>'; durationMs: number }
  | { field: 'registered'; comparison: '<' | '>'; durationMs: number }
  | LabelCondition
  /** The text is in what is searched (`NodeFacts.searchText`), however it is written. */
  | { field: 'words'; contains: string }
);

/**
 * Has the label with one of these values; with `anyOf` absent, whatever its value is. `anyOf` is empty for `label.key=`, which
 * matches nodes that do not have the label, or have it without a value.
 */
export interface LabelCondition {
  field: 'label';
  key: string;
  anyOf?: readonly string[];
}

export type LabelTerm = Extract<SelectorTerm, { field: 'label' }>;

export type Comparison = '<' | '<=' | '>' | '>=';

export const textFields = [
  'id',
  'name',
  'hostname',
  'uuid',
  'type',
  'os',
  'agent',
  'supervisor',
  'supervisor-state',
  'app',
  'commit',
  'staged',
  'update',
  'mode',
  'gate',
  'approval',
  'clone',
  'join-token',
] as const;

export type TextField = (typeof textFields)[number];

export const versionFields = ['agent', 'supervisor', 'os'] as const;

export type VersionField = (typeof versionFields)[number];

/**
 * What an operator may see and change: the nodes that all its label terms match. Never what a device says of itself, and never
 * a node without labels. `parseScope` makes one of a text.
 */
export interface Scope {
  terms: readonly LabelTerm[];
}
