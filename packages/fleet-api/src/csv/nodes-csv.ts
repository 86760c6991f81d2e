import type { FleetCursor, FleetPage } from '@serve.zone/baseos-cloudly-handlers';
import { formatCsvRecord } from './format-csv.js';
import type { NodeCsvColumn } from './node-csv-columns.js';

/** Nodes in CSV, page by page, no faster than it is read. Rejects if there is not even the first page. */
export async function nodesCsv(
  columns: readonly NodeCsvColumn[],
  list: (after: FleetCursor | undefined) => Promise<FleetPage>,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder();
  let text = formatCsvRecord(columns.map(({ key }) => key));
  let page: FleetPage | undefined = await list(undefined);
  let next: FleetCursor | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        page ??= await list(next);
        text += page.nodes.map((node) => formatCsvRecord(columns.map(({ value }) => value(node)))).join('');
        controller.enqueue(encoder.encode(text));
        text = '';
        ({ next } = page);
        page = undefined;
        if (!next) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
