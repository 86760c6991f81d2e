import type { CallerFleet, EventListQuery, FleetEvent } from '@serve.zone/baseos-cloudly-handlers';

export type EventFilter = Pick<EventListQuery, 'nodeId' | 'kinds' | 'isAudit'>;

export interface EventPagesQuery extends EventFilter {
  /** Only those since then. */
  sinceMs?: number | undefined;
  /** Only those before this position. */
  before?: number | undefined;
  /** How many at most. */
  limit: number;
}

const PAGE_SIZE = 500;

/** Events come from several clocks, so that an older one may stand among newer ones. */
const CLOCKS_DIFFER_MS = 600_000;

/** The newest events first, page by page as they are asked for. */
export async function* eventPages(
  fleet: CallerFleet,
  { sinceMs = -Infinity, limit, before: end, ...filter }: EventPagesQuery,
): AsyncGenerator<readonly FleetEvent[]> {
  let left = limit;
  let before = end;
  while (left > 0) {
    const events = await fleet.listEvents({ ...filter, before, limit: PAGE_SIZE });
    const page = events.filter(({ atMs }) => atMs >= sinceMs).slice(0, left);
    if (page.length > 0) yield page;
    left -= page.length;
    before = events.at(-1)?.position;
    const isOver = events.every(({ atMs }) => atMs < sinceMs - CLOCKS_DIFFER_MS);
    if (isOver || events.length < PAGE_SIZE) return;
  }
}
