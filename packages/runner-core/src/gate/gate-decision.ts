import type { UpdateMode } from '@serve.zone/baseos-contracts';
import type { Ending, Waits } from '../commands/actions/command-action.js';
import type { DeviceView, SupervisorView } from '../commands/device/device-view.js';
import { findStagedRelease } from '../updates/staged-release.js';
import { runsTarget } from '../updates/update-stage.js';
import type { OpenedBy } from './gate-situation.js';

/** What the gate makes of a command that is about to be asked. */
export type GateDecision =
  /** The lock does not matter to it. */
  | { kind: 'pass' }
  /** The lock is released until it has ended. */
  | { kind: 'open'; for: Extract<OpenedBy, 'update' | 'own-command'> }
  | ({ kind: 'wait' } & Waits)
  | { kind: 'end'; ending: Ending };

export interface DecisionParts {
  command: { kind: string };
  mode: UpdateMode;
  /** Why the gate is open already. */
  openedBy: OpenedBy | undefined;
  view: DeviceView;
}

const downloadRetryMs = 10_000;

/** The kinds that the Supervisor refuses while a service of the app holds its update lock. */
const stopping: ReadonlySet<string> = new Set(['restart-app', 'restart-service', 'stop-service', 'reboot', 'shutdown']);

/**
 * Decides about a command at the gate. Total over all kinds, also those that only a newer version knows. Pure.
 *
 * Locks count for the whole app, so our own lock stands in the way of every command that stops a service. With nothing to
 * apply it is released around the call. With a release behind the gate that would let the release through, and so would
 * the start of a service, which needs no lock: the Supervisor starts its new container.
 */
export function gateDecision({ command: { kind }, mode, openedBy, view }: DecisionParts): GateDecision {
  if (kind === 'update') return mode === 'free' || openedBy !== undefined ? openFor('update') : openFirst(view);
  const isStart = kind === 'start-service';
  if (!stopping.has(kind) && !isStart) return { kind: 'pass' };
  const isHeld = mode === 'gated' && (openedBy === undefined || openedBy === 'own-command');
  if (!isHeld) return isStart ? { kind: 'pass' } : openFor('own-command');
  const held = heldRelease(view);
  if (held !== undefined) return { kind: 'end', ending: gateClosed(kind, held) };
  return isStart ? { kind: 'pass' } : openFor('own-command');
}

function openFor(reason: 'update' | 'own-command'): GateDecision {
  return { kind: 'open', for: reason };
}

/** An update cancels what the Supervisor is at, so a download would begin again. */
function openFirst({ supervisor }: DeviceView): GateDecision {
  const downloading = supervisor?.apps.find(({ isDownloading }) => isDownloading);
  if (downloading === undefined) return openFor('update');
  const { downloadProgressPercent: progressPercent } = downloading;
  const reason = 'The release is being downloaded. The gate opens once that is done.';
  return { kind: 'wait', phase: 'downloading', reason, progressPercent, retryMs: downloadRetryMs };
}

/** The release that the Supervisor has or is about to apply: `true` if it is not named, `undefined` if there is none. */
function heldRelease({ supervisor }: DeviceView): string | true | undefined {
  if (supervisor === undefined) return true;
  const awaited = supervisor.apps.find((app) => !runsTarget(app));
  if (!supervisor.updatePending && awaited === undefined) return undefined;
  return stagedOf(supervisor) ?? awaited?.targetCommit ?? true;
}

function stagedOf({ apps, ...flags }: SupervisorView): string | undefined {
  return apps.map((app) => findStagedRelease([{ ...flags, app }])).find((commit) => commit !== undefined);
}

function gateClosed(kind: string, held: string | true): Ending {
  const what = held === true ? 'a change' : `release ${held}`;
  const message = `The gate of this device holds ${what} back, and ${kind} would let it through. Order the update first, or cancel the release.`;
  return { outcome: 'refused', error: { code: 'gate-closed', message } };
}
