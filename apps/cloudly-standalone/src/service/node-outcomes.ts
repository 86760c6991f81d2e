import type { CloudlyEvent } from '@serve.zone/baseos-cloudly-handlers';

/** What nodes got last, in milliseconds of a clock that only goes forward. */
export interface NodeOutcomes {
  count: (event: CloudlyEvent) => void;
  /** When something of a node was last written. */
  keptAtMs: () => number;
  /** When a node was last told that it cannot be served. */
  failedAtMs: () => number;
}

export function createNodeOutcomes(nowMs: () => number = () => performance.now()): NodeOutcomes {
  let keptAtMs = -Infinity;
  let failedAtMs = -Infinity;
  return {
    count: (event) => {
      if (isKept(event)) keptAtMs = nowMs();
      if (event.kind === 'request-refused' && event.code === 'unavailable') failedAtMs = nowMs();
    },
    keptAtMs: () => keptAtMs,
    failedAtMs: () => failedAtMs,
  };
}

function isKept(event: CloudlyEvent): boolean {
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
