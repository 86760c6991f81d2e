import { type GateState, limits, safeText, type UpdateMode, type UpdatesStatus } from '@serve.zone/baseos-contracts';
import { gatePhase, type GatePhase, type GateSituation, type OpenedBy } from './gate-situation.js';
import type { LockState } from './lock-state.js';

/** In the words of this version. */
export type GateStatus = UpdatesStatus & { mode: UpdateMode; gate?: GateState | undefined };

/** What the device reports about the way it takes releases. Nothing in it changes with time alone. Pure. */
export function gateStatus(situation: GateSituation, staged: string | undefined): GateStatus {
  const gate = stateOf(gatePhase(situation));
  if (gate === undefined) return { mode: situation.mode };
  const release = safeText(staged, 128);
  return {
    mode: situation.mode,
    gate,
    ...(release !== undefined && { staged: release }),
    reason: safeText(reasonFor(situation, release), limits.commandMessageMaxLength),
  };
}

/** In the words of the contract. */
function stateOf(phase: GatePhase): GateState | undefined {
  switch (phase) {
    case 'none':
      return undefined;
    case 'closed':
    case 'unavailable':
      return phase;
    case 'opening':
    case 'open':
    case 'closing':
      return 'open';
    default:
      return phase satisfies never;
  }
}

function reasonFor({ openedBy, lock }: GateSituation, staged: string | undefined): string {
  if (openedBy !== undefined) return opened[openedBy];
  if (lock.kind === 'impossible') return `Releases cannot be held. ${lock.message}`;
  if (lock.kind === 'awaited') return awaited[lock.holder];
  if (lock.kind === 'released') return 'The gate is about to close.';
  return staged === undefined
    ? "The next release waits for Cloudly's command."
    : "The release is downloaded and held by this device's gate. It waits for Cloudly's command.";
}

const opened: Readonly<Record<OpenedBy, string>> = {
  update: "Cloudly's command lets the release through.",
  'own-command': "The lock is released for a command of Cloudly's.",
  'crash-loop':
    'BaseRunner crashed soon after its last starts, so it holds no release back: the next one may mend it. The gate closes once BaseRunner has completed a turn.',
  silence:
    'Cloudly has not answered for the time of BASEOS_GATE_OPENS_AFTER, so the gate has opened by itself. It closes with the next answer.',
};

const awaited: Readonly<Record<Extract<LockState, { kind: 'awaited' }>['holder'], string>> = {
  supervisor:
    'The Supervisor has its own lock: it installs a release or restarts a service. The gate closes afterwards.',
  process: 'Another process of this service holds the lock. The gate closes when that process has ended.',
  unknown:
    'The update lock of this service was created by something else, so BaseRunner can neither release nor keep it. If nothing uses it any longer, delete the file.',
};
