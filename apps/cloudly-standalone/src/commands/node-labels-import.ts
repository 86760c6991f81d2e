import { type CallerFleet, isFleetError } from '@serve.zone/baseos-cloudly-handlers';
import { type ExitCode, readTextFile } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import { confirmCount } from '../bulk/confirm-count.js';
import { confirmFlags } from '../bulk/nodes-flags.js';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { report } from '../command/report.js';
import { describePlanned, type PlannedLabels, planLabels } from '../label-file/plan-labels.js';
import { readLabelFile } from '../label-file/read-label-file.js';
import { collectPages } from '../list/list-pages.js';
import { nodePages } from '../operator/node-pages.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { writeJson } from '../output/write-json.js';

const flags = {
  file: { type: 'positional', required: true, offers: 'files', description: 'The file, or - to read it from stdin' },
  'dry-run': { type: 'boolean', description: 'Change nothing; show all that would change' },
  ...confirmFlags,
  ...fleetFlags,
} as const;

const STDIN = '-';
const FILE_MAX_BYTES = 64 * 1024 * 1024;

export function nodeLabelsImportCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'import', description: 'Set the labels of nodes by a CSV file such as `export` makes' },
    args: flags,
    run: async ({ args }) => {
      const { lines, mistakes } = readLabelFile(await readInput(context, args.file));
      requireNoMistakes(context, mistakes);
      return withFleet(context, args, async (fleet): Promise<ExitCode> => {
        const plan = planLabels(lines, await collectPages(nodePages(fleet, { selector: '' })));
        requireNoMistakes(context, plan.mistakes);
        const { planned } = plan;
        showPlan(context, planned, args['dry-run'] ? Infinity : SHOWN);
        if (args['dry-run'] || planned.length === 0) {
          report(context, planned.length === 0 ? 'All nodes have these labels already.' : 'Nothing has changed.');
          if (args.json) writeJson(context.stdout, { changed: 0, planned: planned.map(viewPlanned) });
          return 0;
        }
        await confirmCount(context, args, { count: planned.length, toDo: 'change their labels' });
        const failures = await carryOut(context, fleet, planned);
        for (const { nodeId, reason } of failures) report(context, `Node ${nodeId} failed: ${reason}.`);
        const changed = planned.length - failures.length;
        report(context, `The labels of ${changed === 1 ? 'one node' : `${changed} nodes`} are changed.`);
        if (args.json) writeJson(context.stdout, { changed, failures, planned: planned.map(viewPlanned) });
        return failures.length === 0 ? 0 : 1;
      });
    },
  });
}

async function readInput({ terminal }: CommandContext, path: string): Promise<string> {
  if (path === STDIN) return terminal.readInput();
  try {
    return readTextFile(path, { maxBytes: FILE_MAX_BYTES });
  } catch (error) {
    throw new OperationError(`${(error as Error).message}.`);
  }
}

const SHOWN = 20;

/** @throws OperationError after it has named them. */
function requireNoMistakes(context: CommandContext, mistakes: readonly string[]): void {
  if (mistakes.length === 0) return;
  for (const mistake of mistakes.slice(0, SHOWN)) report(context, mistake);
  const others = mistakes.length - SHOWN;
  const more = others > 0 ? `There are ${others} more mistakes. ` : '';
  throw new OperationError(`${more}The file cannot be used. Nothing has changed.`);
}

function showPlan(context: CommandContext, planned: readonly PlannedLabels[], shown: number): void {
  for (const each of planned.slice(0, shown)) report(context, describePlanned(each));
  const others = planned.length - shown;
  if (others > 0) report(context, `And ${others} more nodes, which --dry-run shows.`);
}

function viewPlanned({ node, changes }: PlannedLabels): { nodeId: string; labels: PlannedLabels['changes'] } {
  return { nodeId: node.facts.nodeId, labels: changes };
}

interface Failure {
  nodeId: string;
  reason: string;
}

/** So many at once, because most of the time of each is the way to the database. */
const LANES = 8;

async function carryOut(
  { terminal: { showProgress = () => undefined } }: CommandContext,
  fleet: CallerFleet,
  planned: readonly PlannedLabels[],
): Promise<Failure[]> {
  const failures: Failure[] = [];
  const change = async ({ node: { facts }, changes }: PlannedLabels): Promise<void> => {
    try {
      await fleet.label(facts.nodeId, changes);
    } catch (error) {
      if (!isFleetError(error)) throw error;
      failures.push({ nodeId: facts.nodeId, reason: error.message });
    }
  };
  try {
    for (let start = 0; start < planned.length; start += LANES) {
      await Promise.all(planned.slice(start, start + LANES).map(change));
      showProgress(`${Math.min(planned.length, start + LANES)} of ${planned.length} nodes`);
    }
  } finally {
    showProgress('');
  }
  return failures;
}
