import { setTimeout as pause } from 'node:timers/promises';
import type { CallerFleet, Rollout } from '@serve.zone/baseos-cloudly-handlers';
import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import type { CommandContext } from '../command/command-context.js';
import { isPassing } from '../command/is-passing.js';
import { report } from '../command/report.js';
import { writeJson } from '../output/write-json.js';
import { truncateEnd } from '../table/truncate.js';
import { COLUMNS } from '../terminal/terminal.js';
import { instant } from '../time/instant.js';
import { isOver } from './find-rollout.js';
import { changeLine, pictureOf } from './rollout-picture.js';
import { viewRollout } from './rollout-view.js';

export interface WatchOptions {
  rolloutId: string;
  isJson: boolean | undefined;
  pauseMs?: number;
}

export const watchFlag = {
  type: 'boolean',
  description: 'Show how it goes until it is over, or Ctrl-C',
} as const;

const PAUSE_MS = 1000;

/**
 * Shows a rollout until it is over, or somebody interrupts: a picture that changes on a terminal, else a line or an object in
 * JSON for each change. The exit code is 0 unless it was stopped, or a member failed.
 */
export async function watchRollout(
  context: CommandContext,
  fleet: CallerFleet,
  { rolloutId, isJson, pauseMs = PAUSE_MS }: WatchOptions,
): Promise<ExitCode> {
  const signal = context.trapSignals();
  const show = isJson ? showJson(context) : showText(context);
  let isInTrouble = false;
  while (!signal.aborted) {
    try {
      const rollout = await fleet.getRollout(rolloutId);
      isInTrouble = false;
      show(rollout);
      if (isOver(rollout)) return exitCodeOf(rollout);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (!isInTrouble) report(context, `Still watching, but the fleet does not answer: ${error.message}`);
      isInTrouble = true;
    }
    await pause(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return 0;
}

function exitCodeOf({ state, counts }: Rollout): ExitCode {
  const hasFailed = counts.some(({ failed, unknown }) => failed + unknown > 0);
  return state === 'finished' && !hasFailed ? 0 : 1;
}

/** How long it has run changes each second, and is no news. */
function onChange(write: (rollout: Rollout) => void): (rollout: Rollout) => void {
  let shown: number | undefined;
  return (rollout) => {
    if (rollout.revision !== shown) write(rollout);
    shown = rollout.revision;
  };
}

function showJson({ stdout }: CommandContext): (rollout: Rollout) => void {
  return onChange((rollout) => writeJson(stdout, viewRollout(rollout, Date.now())));
}

function showText({ stdout, terminal }: CommandContext): (rollout: Rollout) => void {
  const { showPicture, columns = COLUMNS } = terminal;
  if (!showPicture) {
    return onChange((rollout) => {
      const nowMs = Date.now();
      stdout.write(`${escapeControls(`${instant(nowMs)} ${changeLine(rollout, nowMs)}`)}\n`);
    });
  }
  return (rollout) => {
    const lines = pictureOf(rollout, Date.now()).map((line) => escapeControls(line));
    showPicture(lines.map((line) => truncateEnd(line, columns)));
  };
}
