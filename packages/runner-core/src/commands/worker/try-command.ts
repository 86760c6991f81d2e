import type { Ending, Prepared } from '../actions/command-action.js';
import type { DeviceView } from '../device/device-view.js';
import type { ListedCommand } from '../journal/journal-entry.js';
import { askOnCommand } from '../policy/on-command.js';
import { judgeCommand } from '../rules/judge-command.js';
import { beginCommand } from './begin-command.js';
import { endCommand } from './end-command.js';
import { waitForDecision, waitOn } from './wait-command.js';
import type { CommandedDevice, WorkerContext } from './worker-context.js';

/** One try of a command whose turn it is: it begins, ends without a call, or waits for its next turn. */
export async function tryCommand(context: WorkerContext, id: string): Promise<void> {
  const { device, waiting, stopping } = context;
  const command = waiting.get(id)?.command;
  if (!command || !device) return;
  const view = await device.look(stopping);
  if (!isWanted(context, id)) return;
  if (command.kind === 'preview') return endCommand(context, command, previewOf(device, context, command, view));
  const action = device.actionOf(command.kind);
  if (!action) return endCommand(context, command, notKnown);
  const ready = await allowed(context, command, { prepared: action.prepare(command, view), view }, async () => {
    const newer = await device.look(stopping);
    return { prepared: action.prepare(command, newer), view: newer };
  });
  const { prepared } = ready;
  if (!isWanted(context, id)) return;
  if (prepared.kind === 'end') return endCommand(context, command, prepared.ending);
  if (prepared.kind === 'wait') return waitOn(context, command, prepared);
  return beginCommand(context, command, { action, prepared, view: ready.view });
}

interface Ready {
  prepared: Prepared;
  /** By which it was prepared. */
  view: DeviceView;
}

/** A program that decides so soon is not worth telling. */
const shownAfterMs = 2000;

/** The program on the device is asked last. It may take its time, so the device is looked at again. */
async function allowed(
  context: WorkerContext,
  command: ListedCommand,
  first: Ready,
  prepareAgain: () => Promise<Ready>,
): Promise<Ready> {
  const { onCommand, clock, stopping, decision } = context;
  const { kind } = first.prepared;
  if (kind === 'end' || kind === 'wait' || !onCommand) return first;
  const over = new AbortController();
  void clock
    .sleep(shownAfterMs, over.signal)
    .then(() => (over.signal.aborted ? undefined : waitForDecision(context, command.id)));
  const { objection, problem } = await askOnCommand(onCommand, command, { clock, signal: stopping });
  over.abort();
  if (!stopping.aborted) decision.problem = problem;
  return objection ? { ...first, prepared: objection } : prepareAgain();
}

/** It may have been cancelled while the device was looked at. */
function isWanted({ waiting, stopping }: WorkerContext, id: string): boolean {
  return waiting.has(id) && !stopping.aborted;
}

function previewOf(
  device: CommandedDevice,
  { accepted }: WorkerContext,
  { of }: ListedCommand,
  view: DeviceView,
): Ending {
  if (of === undefined) throw new Error('A preview of nothing was not refused.');
  return device.preview(of, view, judgeCommand(of, accepted));
}

const notKnown: Ending = {
  outcome: 'unsupported',
  error: { code: 'unsupported', message: 'This version of BaseRunner does not carry out this kind of command.' },
};
