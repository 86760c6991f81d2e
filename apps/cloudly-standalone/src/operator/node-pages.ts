import type { CallerFleet, FleetNode, FleetSort, SelectorInput } from '@serve.zone/baseos-cloudly-handlers';

export interface NodePagesQuery {
  selector: SelectorInput;
  sort?: FleetSort | undefined;
  /** How many nodes at most. @default all */
  limit?: number | undefined;
}

const PAGE_SIZE = 500;

/** The nodes that a selector matches, page by page as they are asked for. */
export async function* nodePages(
  fleet: CallerFleet,
  { selector, sort, limit = Infinity }: NodePagesQuery,
): AsyncGenerator<readonly FleetNode[]> {
  let left = limit;
  let page = await fleet.listNodes({ selector, sort, limit: Math.min(left, PAGE_SIZE) });
  for (;;) {
    yield page.nodes;
    left -= page.nodes.length;
    if (!page.next || left <= 0) return;
    page = await fleet.listNodes({ selector, sort, after: page.next, limit: Math.min(left, PAGE_SIZE) });
  }
}
