import { type CommandRequest, type GateState, safeText } from '@serve.zone/baseos-contracts';
import { runsTarget, type UpdateStage, updateStage } from '../../updates/update-stage.js';
import type { DeviceView } from '../device/device-view.js';
import { actionOf } from './action-of.js';
import type { Ending, Prepared } from './command-action.js';
import { findApp } from './container-notes.js';
import { succeeded } from './ending.js';
import { sampleOf } from './update-looks.js';
import { withinDetails } from './within-details.js';

/** What a preview goes by. */
export interface PreviewParts {
  /** The command that would be carried out. */
  of: CommandRequest;
  view: DeviceView;
  /** How it would end before its turn, because the device does not accept it. */
  refusal: Ending | undefined;
  /** Of a gated device. */
  gate?: GateState | undefined;
  storageFreeBytes?: number | undefined;
}

const wordsMaxLength = 300;

/** Tells what a command would meet now, and does nothing. Pure. */
export function preview({ of, view, refusal, gate, storageFreeBytes }: PreviewParts): Ending {
  const prepared = refusal === undefined ? actionOf(of.kind)?.prepare(of, view) : undefined;
  return succeeded(
    withinDetails({
      accepted: refusal === undefined,
      ...(prepared === undefined ? endOf(refusal) : preparationOf(prepared)),
      inScope: isInScope(of, view),
      gate,
      ...releaseOf(of, view),
      storageFreeBytes,
    }),
  );
}

/** How it would end without a call to the Supervisor, if it would. */
function endOf(ending: Ending | undefined): object {
  if (ending === undefined) return {};
  const { outcome, error } = ending;
  return { outcome, code: error?.code, reason: safeText(error?.message, wordsMaxLength) };
}

function preparationOf(prepared: Prepared): object {
  switch (prepared.kind) {
    case 'end':
      return endOf(prepared.ending);
    case 'wait':
      return { waits: prepared.phase, reason: safeText(prepared.reason, wordsMaxLength) };
    case 'ready':
    case 'follow':
      return {};
    default:
      return prepared satisfies never;
  }
}

/** Whether BaseRunner's key gives access to the app; `undefined` for a command about none, or without a Supervisor. */
function isInScope({ kind, appId }: CommandRequest, view: DeviceView): boolean | undefined {
  const isAboutApp = !deviceKinds.has(kind);
  if (!isAboutApp || view.supervisor === undefined) return undefined;
  return findApp(view, appId ?? view.own.appId) !== undefined;
}

const deviceKinds: ReadonlySet<string> = new Set(['reboot', 'shutdown', 'blink']);

/** The release that waits for its installation, and what keeps it. */
function releaseOf({ appId }: CommandRequest, view: DeviceView): object {
  const sample = sampleOf(view, appId ?? view.own.appId);
  if (sample === undefined) return {};
  const { app, updatePending } = sample;
  const { kind } = updateStage(sample);
  const isWaiting = updatePending || !runsTarget(app);
  return {
    commit: safeText(app.runningCommit, 128),
    targetCommit: safeText(app.targetCommit, 128),
    ...(isWaiting && { heldByLock: kind === 'locked', download: downloads[kind] }),
    downloadProgressPercent: app.downloadProgressPercent,
  };
}

/** In one word, how far the download of a release is. */
const downloads: Readonly<Record<UpdateStage['kind'], 'waiting' | 'downloading' | 'done' | 'failing'>> = {
  applied: 'done',
  'not-begun': 'waiting',
  preparing: 'waiting',
  downloading: 'downloading',
  downloaded: 'done',
  locked: 'done',
  undetermined: 'failing',
  installing: 'done',
  starting: 'done',
  failing: 'failing',
};
