import type { BulkAction, BulkProgress, CallerFleet } from '@serve.zone/baseos-cloudly-handlers';
import type { ExitCode } from '@serve.zone/baseos-command-line';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { report } from '../command/report.js';
import { nameNode } from '../nodes/name-node.js';
import { nodePages } from '../operator/node-pages.js';
import { confirmCount } from './confirm-count.js';
import { type ActionWords, describeAction } from './describe-action.js';
import type { ConfirmArguments } from './nodes-flags.js';
import { writeResults } from './write-results.js';

/**
 * Does something to all nodes that a selector matches now, once a person has typed their number or the command line has it. The
 * exit code is 1 if it failed for a node, or was interrupted.
 */
export async function runAction(
  context: CommandContext,
  fleet: CallerFleet,
  { action, selector, args }: { action: BulkAction; selector: string; args: ConfirmArguments },
): Promise<ExitCode> {
  const words = describeAction(action);
  const { id, nodeCount } = await fleet.previewBulk({ action, selector });
  if (nodeCount === 0) throw new OperationError(`No node matches ${selector} any longer. Nothing has changed.`);
  const names = await readNames(fleet, selector);
  const shown = listNames([...names.values()], nodeCount);
  report(context, `This would ${words.toDo(`${nodeCount} nodes`)}: ${shown}.`);
  await confirmCount(context, args, { count: nodeCount, toDo: words.toDo('them') });
  await fleet.confirmBulk(id, nodeCount);
  const progress = await runUntilInterrupted(context, fleet, id, words);
  await writeResults(context, fleet, { progress, names, isJson: args.json });
  report(context, describeEnd(progress, words));
  return progress.done + progress.skipped === nodeCount ? 0 : 1;
}

/** Ctrl-C ends the job after the nodes that are being worked on. */
async function runUntilInterrupted(
  context: CommandContext,
  fleet: CallerFleet,
  jobId: string,
  words: ActionWords,
): Promise<BulkProgress> {
  const signal = context.trapSignals();
  const { showProgress = () => undefined } = context.terminal;
  const onProgress = (progress: BulkProgress): void => showProgress(describeProgress(progress, words));
  try {
    const progress = await fleet.runBulk(jobId, { signal, onProgress });
    return signal.aborted && progress.waiting > 0 ? await fleet.stopBulk(jobId) : progress;
  } finally {
    showProgress('');
  }
}

async function readNames(fleet: CallerFleet, selector: string): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for await (const nodes of nodePages(fleet, { selector })) {
    for (const { facts } of nodes) names.set(facts.nodeId, nameNode(facts));
  }
  return names;
}

const NAMES_SHOWN = 10;

function listNames(names: readonly string[], count: number): string {
  const shown = names.slice(0, NAMES_SHOWN);
  const others = count - shown.length;
  return others > 0 ? `${shown.join(', ')} and ${others} more` : shown.join(', ');
}

function describeProgress({ job, done, failed, skipped }: BulkProgress, { done: doneWords }: ActionWords): string {
  const failures = failed === 0 ? '' : `, ${failed} failed`;
  return `${done + failed + skipped} of ${job.nodeCount} nodes: ${done} ${doneWords}${failures}`;
}

function describeEnd(progress: BulkProgress, { done: doneWords }: ActionWords): string {
  const { job, done, failed, skipped } = progress;
  const untouched = job.nodeCount - done - failed - skipped;
  const parts = [
    `${done} ${doneWords}`,
    ...(skipped === 0 ? [] : [`${skipped} unchanged`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(untouched === 0 ? [] : [`${untouched} not begun`]),
  ];
  return `Of ${job.nodeCount} nodes: ${parts.join(', ')}.`;
}
