import type { AlertSelection, CallerFleet, ShownAlert } from '@serve.zone/baseos-cloudly-handlers';

const PAGE_SIZE = 500;

/** The alerts of a selection, page by page as they are asked for; at most `limit` of them. */
export async function* alertPages(
  fleet: CallerFleet,
  selection: AlertSelection,
  limit: number = Infinity,
): AsyncGenerator<readonly ShownAlert[]> {
  let left = limit;
  let page = await fleet.listAlerts({ ...selection, limit: Math.min(left, PAGE_SIZE) });
  for (;;) {
    yield page.alerts;
    left -= page.alerts.length;
    if (!page.next || left <= 0) return;
    page = await fleet.listAlerts({ ...selection, after: page.next, limit: Math.min(left, PAGE_SIZE) });
  }
}
