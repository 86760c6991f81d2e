import type { HandlerEvent } from '@serve.zone/baseos-cloudly-handlers';

/** The last outcomes for nodes, in milliseconds of a monotonic clock. */
export interface NodeOutcomes {
  count: (event: HandlerEvent) => void;
  /** When data of a node was last written. */
  keptAtMs: () => number;
  /** When a node was last answered that it cannot be served. */
  failedAtMs: () => number;
}

export function createNodeOutcomes(nowMs: () => number = () => performance.now()): NodeOutcomes {
  let keptAtMs = -Infinity;
  let failedAtMs = -Infinity;
  return {
    count: (event) => {
      if (isKept(event)) keptAtMs = nowMs();
      // A node that cannot wait is served all the same: by its heartbeats.
      if (event.kind === 'request-refused' && event.endpoint !== 'wake' && event.code === 'unavailable') {
        failedAtMs = nowMs();
      }
    },
    keptAtMs: () => keptAtMs,
    failedAtMs: () => failedAtMs,
  };
}

function isKept(event: HandlerEvent): boolean {
  switch (event.kind) {
    case 'node-registered':
    case 'node-pending':
    case 'legacy-node-heard':
      return true;
    case 'heartbeat-received':
      return event.stored;
    default:
      return false;
  }
}
