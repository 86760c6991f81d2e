import { nodeAlertKinds } from '../alerts/alert-kinds.js';
import { nodeStates } from '../facts/node-facts.js';
import type { TextField } from './selector.js';

/**
 * - `choice`: one of its values, which every node has.
 * - `set`: some of its values, or none.
 * - `text`: has a value, or contains a text.
 * - `version`: the same, or is an earlier or later version.
 * - `age`: is longer or shorter ago.
 */
export type FieldKind = 'choice' | 'set' | 'text' | 'version' | 'percent' | 'age' | 'label';

export type FieldName = TextField | 'state' | 'alert' | 'storage' | 'seen' | 'registered' | 'label';

export type Operator = '=' | '!=' | '~' | '<' | '<=' | '>' | '>=';

export interface SelectorField {
  /** What it is, for help and completion. */
  what: string;
  kind: FieldKind;
  /** A whole term. */
  example: string;
  /** The values to offer. */
  values?: readonly string[];
  /** Other values are mistakes. */
  hasOnlyValues?: boolean;
  /** The beginning of a value is enough. */
  isFoundByBeginning?: boolean;
}

/** The operators of each kind. `:` is another way to write `=`. */
export const operatorsOf: Readonly<Record<FieldKind, readonly Operator[]>> = {
  choice: ['=', '!='],
  set: ['=', '!='],
  text: ['=', '!=', '~'],
  version: ['=', '!=', '~', '<', '<=', '>', '>='],
  percent: ['<', '<=', '>', '>='],
  age: ['<', '>'],
  label: ['=', '!='],
};

/** Every field that a selector has, in the order to show them in; the parser, help and completion come from here. */
export const selectorFields: Readonly<Record<FieldName, SelectorField>> = {
  state: {
    what: 'where the node stands',
    kind: 'choice',
    example: 'state:late,offline',
    values: nodeStates,
    hasOnlyValues: true,
  },
  alert: {
    what: 'an alert about it that is open',
    kind: 'set',
    example: 'alert:offline,storage-low',
    values: nodeAlertKinds,
    hasOnlyValues: true,
  },
  name: { what: 'its name, or its host name if it has none', kind: 'text', example: 'name~gate-' },
  label: { what: 'a label', kind: 'label', example: 'label.site=berlin' },
  seen: { what: 'how long ago its last heartbeat was', kind: 'age', example: 'seen>2d' },
  type: { what: 'its device type', kind: 'text', example: 'type=raspberrypi4-64' },
  os: { what: 'the version of its operating system', kind: 'version', example: 'os<6.0' },
  agent: { what: 'the version of its agent', kind: 'version', example: 'agent<0.3' },
  supervisor: { what: 'the version of its Supervisor', kind: 'version', example: 'supervisor>=17' },
  'supervisor-state': {
    what: 'whether its Supervisor answers',
    kind: 'text',
    example: 'supervisor-state!=available',
    values: ['not-configured', 'unreachable', 'unauthorized', 'failing', 'available'],
  },
  app: { what: 'the ID of its fleet in balena', kind: 'text', example: 'app=1234567' },
  commit: {
    what: 'the release that it runs',
    kind: 'text',
    example: 'commit!=0a1b2c3',
    isFoundByBeginning: true,
  },
  staged: {
    what: 'the release that waits behind its gate',
    kind: 'text',
    example: 'staged=0a1b2c3',
    isFoundByBeginning: true,
  },
  update: {
    what: 'what it does with its target release',
    kind: 'text',
    example: 'update=failed',
    values: ['idle', 'downloading', 'held', 'installing', 'failed'],
    hasOnlyValues: true,
  },
  mode: { what: 'how it takes new releases', kind: 'text', example: 'mode=gated', values: ['free', 'gated'] },
  gate: {
    what: 'whether its gate holds releases back',
    kind: 'text',
    example: 'gate=closed',
    values: ['closed', 'open', 'unavailable'],
  },
  storage: { what: 'how much of its storage is free, in percent', kind: 'percent', example: 'storage<10' },
  approval: {
    what: 'whether it is admitted',
    kind: 'text',
    example: 'approval=pending',
    values: ['pending', 'approved', 'revoked'],
    hasOnlyValues: true,
  },
  clone: {
    what: 'whether two devices may use its identity',
    kind: 'text',
    example: 'clone=suspected',
    values: ['suspected'],
    hasOnlyValues: true,
  },
  registered: { what: 'how long ago it registered', kind: 'age', example: 'registered<1d' },
  id: { what: 'its node ID', kind: 'text', example: 'id=node-17' },
  hostname: { what: 'its host name', kind: 'text', example: 'hostname~berlin' },
  uuid: {
    what: 'the UUID of its device in balena',
    kind: 'text',
    example: 'uuid=0a1b2c3',
    isFoundByBeginning: true,
  },
  'join-token': { what: 'the ID of the join token that admitted it', kind: 'text', example: 'join-token=a1b2' },
};

/** What else a field is called: `release` is what people say, and the commit is what tells one from another. */
const synonyms: Readonly<Record<string, FieldName>> = { release: 'commit' };

/** The name of the field that is called so; what is called otherwise is no field. */
export function fieldCalled(name: string): string {
  return Object.hasOwn(synonyms, name) ? (synonyms[name] ?? name) : name;
}

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(selectorFields, name);
}
