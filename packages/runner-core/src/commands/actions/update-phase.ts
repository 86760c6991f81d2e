import type { CommandPhase } from '@serve.zone/baseos-contracts';
import type { UpdateFailure, UpdateStage } from '../../updates/update-stage.js';

export interface UpdatePhase {
  phase: CommandPhase;
  /** For a person. */
  reason?: string | undefined;
  progressPercent?: number | undefined;
}

/** How far an update is, in the words of a running command. Pure. */
export function updatePhase(stage: UpdateStage): UpdatePhase {
  switch (stage.kind) {
    case 'applied':
    case 'not-begun':
      return { phase: 'downloading', reason: 'The Supervisor has not begun to apply another release.' };
    case 'preparing':
      return { phase: 'downloading' };
    case 'downloading':
      return { phase: 'downloading', progressPercent: stage.progressPercent };
    case 'locked':
      return { phase: 'waiting-for-lock', reason: locked };
    case 'undetermined':
      return { phase: 'waiting-for-lock', reason: undetermined };
    case 'downloaded':
    case 'installing':
      return { phase: 'installing' };
    case 'starting':
      return { phase: 'restarting' };
    case 'failing':
      return failures[stage.failure];
    default:
      return stage satisfies never;
  }
}

/** The Supervisor writes the name of the service into its log, and into no answer. */
const locked =
  'The release is downloaded. A service of the app holds its update lock; the Supervisor does not report which one.';
const undetermined =
  'The Supervisor makes no progress: a service of the app holds its update lock, or a part of the release cannot be installed. It retries.';

const failures: Readonly<Record<UpdateFailure, UpdatePhase>> = {
  rejected: { phase: 'downloading', reason: 'The device does not meet the requirements of the release.' },
  aborted: { phase: 'downloading', reason: 'The download was aborted. The Supervisor retries.' },
  download: { phase: 'downloading', reason: 'The images cannot be downloaded. The Supervisor retries.' },
  installation: { phase: 'installing', reason: 'A container cannot be started. The Supervisor retries.' },
};
