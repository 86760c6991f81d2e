import type { BulkOutcome, BulkProgress, BulkResult, CallerFleet } from '@serve.zone/baseos-cloudly-handlers';
import type { CommandContext } from '../command/command-context.js';
import type { ListColumns } from '../list/list-column.js';
import { onePage } from '../list/list-pages.js';
import { readLayout } from '../list/read-layout.js';
import { writeList } from '../list/write-list.js';
import { writeJson } from '../output/write-json.js';

export interface BulkResults {
  progress: BulkProgress;
  /** What people call the nodes, by their IDs. */
  names: ReadonlyMap<string, string>;
  isJson: boolean | undefined;
}

interface NamedResult extends BulkResult {
  name: string;
}

/** What a person has to look at comes last, where they see it. */
const outcomes: readonly BulkOutcome[] = ['done', 'skipped', 'failed'];

const PAGE_SIZE = 1000;

/** Writes the result of each node, by outcome and name. */
export async function writeResults(
  context: CommandContext,
  fleet: CallerFleet,
  { progress, names, isJson }: BulkResults,
): Promise<void> {
  const { job, done, failed, skipped } = progress;
  const results: NamedResult[] = [];
  for (const outcome of outcomes) results.push(...(await readResults(fleet, job.id, { outcome, names })));
  if (isJson) {
    const { id: jobId, selector, nodeCount: nodes } = job;
    writeJson(context.stdout, { jobId, selector, nodes, done, failed, skipped, results });
    return;
  }
  const layout = readLayout(context, { pager: false }, columns, (result) => result);
  await writeList(context, layout, { pages: onePage(results), emptySentence: 'Nothing was begun.' });
}

const columns: ListColumns<NamedResult> = {
  shown: ['name', 'outcome', 'reason'],
  all: [
    { key: 'name', min: 12, text: ({ name }) => name },
    { key: 'outcome', text: ({ outcome }) => outcome },
    { key: 'reason', min: 12, isSentence: true, text: ({ reason }) => reason ?? '' },
  ],
};

async function readResults(
  fleet: CallerFleet,
  jobId: string,
  { outcome, names }: Pick<BulkResults, 'names'> & { outcome: BulkOutcome },
): Promise<NamedResult[]> {
  const all: NamedResult[] = [];
  let page: BulkResult[];
  do {
    const afterNodeId = all.at(-1)?.nodeId;
    page = await fleet.bulkResults(jobId, { outcome, limit: PAGE_SIZE, afterNodeId });
    all.push(...page.map((result) => ({ ...result, name: names.get(result.nodeId) ?? result.nodeId })));
  } while (page.length === PAGE_SIZE);
  return all.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
