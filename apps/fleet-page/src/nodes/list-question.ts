import { type FleetCursor, type FleetSort, formatSort, parseSort } from '@serve.zone/baseos-cloudly-handlers';

/** What the address of the list asks for. */
export interface ListQuestion {
  selector: string;
  sort: FleetSort;
  /** The place after which the page begins, and how many nodes come before it. */
  after?: FleetCursor | undefined;
  from: number;
  /** The saved view that it came from. */
  viewId?: string | undefined;
}

const byName: FleetSort = { by: 'name', isDescending: false };

export function readQuestion(query: URLSearchParams): ListQuestion {
  const after = readCursor(query.get('after'));
  const from = Number(query.get('from') ?? 0);
  return {
    selector: query.get('selector') ?? '',
    sort: parseSort(query.get('sort') ?? '') ?? byName,
    ...(after && { after }),
    from: after && Number.isSafeInteger(from) && from > 0 ? from : 0,
    ...(query.get('view') && { viewId: query.get('view') ?? undefined }),
  };
}

/** The query of an address; what is as usual is left out. */
export function writeQuestion({ selector, sort, after, from, viewId }: ListQuestion) {
  const order = formatSort(sort);
  return {
    selector,
    sort: order === 'name' ? undefined : order,
    view: viewId,
    after: after && JSON.stringify([after.value, after.nodeId]),
    from: after && String(from),
  };
}

function readCursor(text: string | null): FleetCursor | undefined {
  try {
    const [value, nodeId] = JSON.parse(text ?? '') as unknown[];
    const isPlace = (typeof value === 'string' || typeof value === 'number') && typeof nodeId === 'string';
    return isPlace ? { value, nodeId } : undefined;
  } catch {
    return undefined;
  }
}
