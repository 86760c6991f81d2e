import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { writeWhenTaken } from '../output/write-when-taken.js';
import { openOutput, type Output } from './open-output.js';
import type { ListLayout } from './read-layout.js';

export interface List<Item> {
  /** A list may be larger than memory, so it is written as it is read. */
  pages: AsyncIterable<readonly Item[]>;
  /** What is told in place of a table without rows. */
  emptySentence: string;
}

/** Writes a list to stdout, or into the pager of the person at the terminal. */
export async function writeList<Item>(
  context: CommandContext,
  { format, isTable, isPaged }: ListLayout<Item>,
  { pages, emptySentence }: List<Item>,
): Promise<void> {
  let output: Output | undefined;
  try {
    for await (const items of pages) {
      if (items.length === 0) continue;
      output ??= openOutput(context, isPaged);
      if (!(await writeWhenTaken(output.stream, format.page(items)))) return;
    }
    if (output === undefined && isTable) report(context, emptySentence);
    else (output?.stream ?? context.stdout).write(format.end());
  } finally {
    await output?.end();
  }
}
