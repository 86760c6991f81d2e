import { type FleetSort, formatSort, parseSort } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { findNodeCsvColumn } from '../csv/node-csv-columns.js';
import type { Answer } from '../route/answer.js';
import { routesOf } from '../route/route.js';
import { text } from '../schemas/parts.js';
import { selector, sort } from './query-parts.js';

export interface NodesCsvQuery {
  selector?: string | undefined;
  sort?: FleetSort | undefined;
  /** @default all that there are always */
  columns?: readonly string[] | undefined;
}

/** What is answered as a file. */
export interface Exports {
  nodesCsv(query: NodesCsvQuery): Promise<ReadableStream<Uint8Array>>;
}

const csv: Answer<ReadableStream<Uint8Array>> = {
  status: 200,
  mediaType: 'text/csv; charset=utf-8',
  schema: undefined,
  tell: (stream) => stream,
  hear: (stream) => stream as ReadableStream<Uint8Array>,
};

const isColumn = v.check((key: string) => findNodeCsvColumn(key) !== undefined, 'column');

export const exportRoutes = {
  nodesCsv: routesOf<Exports>()('nodesCsv', {
    method: 'GET',
    path: '/nodes.csv',
    summary: 'Gives all nodes that a selector matches as a file for spreadsheets',
    query: {
      selector,
      sort,
      columns: v.optional(v.array(v.pipe(text, isColumn))),
    },
    answer: csv,
    take: ({ query: { sort: by, ...query } }) => [{ ...query, ...(by !== undefined && { sort: parseSort(by) }) }],
    give: ({ selector: selected, sort: by, columns }) => ({
      query: { selector: selected, sort: by && formatSort(by), columns: columns?.slice() },
    }),
  }),
};
