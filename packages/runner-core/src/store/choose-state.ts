import type { Randomness } from '../ports/randomness.js';
import { adoptLegacyState } from '../legacy/adopt-legacy-state.js';
import type { Problem } from '../values/problem.js';
import type { IdentityNotice } from '../identity/identity-store.js';
import type { AsideStep, FoundState, FoundStates } from './state-directory.js';
import { STATE_FORMAT, type StateDocument } from './state-document.js';

export interface StoredState {
  document: StateDocument;
  source: 'state-file' | 'last-good-copy' | 'legacy';
  bytes: Uint8Array;
}

/** What is stored, and what must be repaired on the disk. */
export type ChosenState =
  | {
      kind: 'use';
      stored: StoredState;
      /** Whether the files are to be written although the identity stays the same. */
      repair: boolean;
      asideSteps: readonly AsideStep[];
      notices: readonly IdentityNotice[];
    }
  /**
   * There is an identity that cannot be read at present, so nothing may be written. An older state of it may be known.
   */
  | { kind: 'hands-off'; problem: Problem; stored?: StoredState | undefined; notices: readonly IdentityNotice[] }
  /** There was an identity, but no part of it can be used. */
  | { kind: 'lost'; asideSteps: readonly AsideStep[]; notices: readonly IdentityNotice[] }
  | { kind: 'empty'; notices: readonly IdentityNotice[] };

/** Judges what was found. Pure, but for the secret that a legacy node is given. */
export function chooseState(found: FoundStates, randomness: Randomness): ChosenState {
  return (
    chooseStateFile(found, randomness) ??
    leaveToNewerVersion(found) ??
    leaveUnreadable(found, ({ isPassing }) => isPassing) ??
    chooseLastGoodCopy(found) ??
    rescueFromDamage(found) ??
    leaveUnreadable(found, () => true) ??
    chooseNothing(found)
  );
}

function chooseStateFile({ state, copy }: FoundStates, randomness: Randomness): ChosenState | undefined {
  if (state.kind !== 'usable' && state.kind !== 'legacy') return undefined;
  const nodeId = state.kind === 'usable' ? state.document.identity.nodeId : state.nodeId;
  const { asideSteps, notices } = judgeCopy(copy, nodeId);
  if (state.kind === 'legacy') {
    const known = copy.kind === 'usable' ? copy.document.identity : undefined;
    const identity = adoptLegacyState(state, known?.nodeId === nodeId ? known : undefined, randomness);
    const { bytes, unknownMembers, path } = state;
    return {
      kind: 'use',
      stored: { document: { identity, format: STATE_FORMAT, unknownMembers }, source: 'legacy', bytes },
      repair: true,
      asideSteps,
      notices: [
        {
          level: 'info',
          code: 'legacy-state',
          message: `${path} is a legacy state file. Its node ${identity.nodeId} is kept.`,
        },
        ...notices,
      ],
    };
  }
  const { document, bytes, path, readableByOthers } = state;
  if (document.format > STATE_FORMAT) {
    notices.push({
      level: 'info',
      code: 'state-newer',
      message: `${path} was written by a newer version of this agent (format ${document.format}). What this version does not know in it is kept.`,
    });
  }
  if (readableByOthers) {
    notices.push({
      level: 'warn',
      code: 'state-exposed',
      message: `${path} was readable by other users of this machine. It is private now.`,
      remedy: 'If anyone else had access, replace the node token.',
    });
  }
  return {
    kind: 'use',
    stored: { document, source: 'state-file', bytes },
    repair: readableByOthers || copy.kind !== 'usable' || copy.readableByOthers || !sameBytes(bytes, copy.bytes),
    asideSteps,
    notices,
  };
}

/** A copy of another node than the one in the state file is kept aside before it is replaced. */
function judgeCopy(copy: FoundState, nodeId: string): { asideSteps: AsideStep[]; notices: IdentityNotice[] } {
  if (copy.kind === 'absent') return { asideSteps: [], notices: [] };
  if (copy.kind !== 'usable') {
    const message = `${conditionOf(copy)} The agent writes the last good copy again.`;
    return { asideSteps: setAside(copy), notices: [{ level: 'warn', code: 'copy-unusable', message }] };
  }
  if (copy.document.identity.nodeId === nodeId) return { asideSteps: [], notices: [] };
  const message = `The last good copy ${copy.path} is of another node. The agent writes it again.`;
  return {
    asideSteps: [{ kind: 'replaced', bytes: copy.bytes }],
    notices: [{ level: 'warn', code: 'copy-unusable', message }],
  };
}

function leaveToNewerVersion({ state, copy }: FoundStates): ChosenState | undefined {
  const newer = [state, copy].find((found) => found.kind === 'unsupported');
  if (newer?.kind !== 'unsupported') return undefined;
  const problem = {
    code: 'state-newer',
    message: `${newer.path} was written by a newer version of this agent (format ${newer.format}), and this version cannot read it.`,
    remedy: 'Run the newer version again.',
  };
  const message = `${problem.message} Until then the agent stores nothing and registers no node.`;
  return {
    kind: 'hands-off',
    problem,
    stored: fromCopy(copy),
    notices: [{ level: 'error', code: 'state-not-readable', message, remedy: problem.remedy }],
  };
}

function chooseLastGoodCopy({ state, copy }: FoundStates): ChosenState | undefined {
  const stored = fromCopy(copy);
  if (!stored) return undefined;
  return {
    kind: 'use',
    stored,
    repair: true,
    asideSteps: setAside(state),
    notices: [
      {
        level: 'warn',
        code: 'state-damaged',
        message: `${conditionOf(state)} The identity comes from its last good copy ${copy.path}.`,
      },
    ],
  };
}

/** Only the checksum is wrong (a manual edit, a flipped bit): better than no identity at all. */
function rescueFromDamage({ state, copy }: FoundStates): ChosenState | undefined {
  for (const found of [state, copy]) {
    if (found.kind !== 'damaged' || !found.document) continue;
    const message = `${conditionOf(found)} There is no good copy. The node ID and the secret in it are well formed, and the agent uses them.`;
    const other = found === state ? copy : state;
    return {
      kind: 'use',
      stored: {
        document: found.document,
        source: found === state ? 'state-file' : 'last-good-copy',
        bytes: found.bytes,
      },
      repair: true,
      asideSteps: [
        ...setAside(other),
        // It is all that is left of the identity, so it must stay in place in case of a power cut.
        { kind: 'damaged', bytes: found.bytes },
      ],
      notices: [{ level: 'error', code: 'state-damaged', message }],
    };
  }
  return undefined;
}

function leaveUnreadable(
  { state, copy }: FoundStates,
  isLeft: (found: Extract<FoundState, { kind: 'unreadable' }>) => boolean,
): ChosenState | undefined {
  const unreadable = [state, copy].filter((found) => found.kind === 'unreadable').find(isLeft);
  if (!unreadable) return undefined;
  const { code, remedy } = unreadable.problem;
  const message = conditionOf(unreadable);
  return {
    kind: 'hands-off',
    problem: { code, message, remedy },
    stored: fromCopy(copy),
    notices: [
      {
        level: 'error',
        code: 'state-not-readable',
        message: `${message} Until it can be read, the agent stores nothing and registers no node; it retries on its own.`,
        remedy,
      },
    ],
  };
}

function chooseNothing({ state, copy }: FoundStates): ChosenState {
  const remains = [state, copy].filter(({ kind }) => kind !== 'absent');
  if (remains.length === 0) return { kind: 'empty', notices: [] };
  const conditions = remains.map(conditionOf).join(' ');
  return {
    kind: 'lost',
    asideSteps: remains.flatMap(setAside),
    notices: [
      {
        level: 'error',
        code: 'identity-lost',
        message: `The identity of this node is lost. ${conditions} This device becomes a new node.`,
        remedy: 'To keep the node, set BASEOS_NODE_ID to its ID and allow a rebind in Cloudly.',
      },
    ],
  };
}

function fromCopy(copy: FoundState): StoredState | undefined {
  return copy.kind === 'usable' ? { document: copy.document, source: 'last-good-copy', bytes: copy.bytes } : undefined;
}

/** An empty file is worthless, and would only displace a useful one. */
function setAside(found: FoundState): AsideStep[] {
  return found.kind === 'absent' || isEmpty(found) ? [] : [{ kind: 'damaged', path: found.path }];
}

function isEmpty(found: FoundState): boolean {
  return 'bytes' in found && found.bytes.length === 0;
}

/** What is wrong with a file, in a sentence. */
function conditionOf(found: FoundState): string {
  const { path } = found;
  switch (found.kind) {
    case 'absent':
      return `${path} is missing.`;
    case 'unreadable':
      return `${path} cannot be read: ${found.problem.message}`;
    case 'damaged':
      return isEmpty(found) ? `${path} is empty.` : `${path} is ${found.problem}.`;
    case 'unsupported':
      return `${path} is of a newer version (format ${found.format}).`;
    default:
      return `${path} is not a copy of the state file.`;
  }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
