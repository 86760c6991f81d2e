import type { Caller, Fleet, FleetCursor, FleetPage } from '@serve.zone/baseos-cloudly-handlers';
import { createDrain } from '@serve.zone/baseos-cloudly-handlers/mounting';
import { findNodeCsvColumn, nodeCsvColumns } from '../csv/node-csv-columns.js';
import { nodesCsv } from '../csv/nodes-csv.js';
import { FleetApiError } from '../problems/fleet-api-error.js';
import { exportRoutes, type NodesCsvQuery } from '../routes/export-routes.js';
import type { Service } from '../route/service.js';

const PAGE = 1000;

export interface ExportService extends Service {
  /** Files that are not complete are cut off. Resolves when nothing is read for them any longer. */
  drain(this: void): Promise<void>;
}

/** Lists as files, which are read page by page while they are sent. */
export function exportService(fleet: Pick<Fleet, 'listNodes'>): ExportService {
  const { run, drain } = createDrain();
  const pagesOf =
    (caller: Caller, { selector, sort }: NodesCsvQuery) =>
    async (after: FleetCursor | undefined): Promise<FleetPage> =>
      (await run(() => fleet.listNodes(caller, { selector, sort, after, limit: PAGE }))) ?? throwEnded();
  return {
    routes: Object.values(exportRoutes),
    needs: () => 'view',
    async run({ caller, answerHeaders }, _call, [asked]) {
      const query = asked as NodesCsvQuery;
      const columns = query.columns?.flatMap((key) => findNodeCsvColumn(key) ?? []) ?? nodeCsvColumns;
      answerHeaders.set('content-disposition', 'attachment; filename="nodes.csv"');
      return nodesCsv(columns, pagesOf(caller as Caller, query));
    },
    drain,
  };
}

function throwEnded(): never {
  throw new FleetApiError('unavailable', 'The server is shutting down', {
    remedy: 'Retry after the time given in Retry-After.',
    retryAfterMs: 5000,
  });
}
