import type { WakeOffer } from '@serve.zone/baseos-contracts';
import type { Accepted } from './answer.js';

/** What the answer to a heartbeat says when there is nothing for the node. */
export interface PlainContent {
  heartbeatIntervalMs: number | undefined;
  wake: WakeOffer | undefined;
}

/** Gives the same object as long as the content is the same, so that it is written once. */
export function createPlainAnswer(): (content: PlainContent) => Accepted {
  let last: (PlainContent & { answer: Accepted }) | undefined;
  return ({ heartbeatIntervalMs, wake }) => {
    const isSame = last?.heartbeatIntervalMs === heartbeatIntervalMs && last?.wake?.waitMs === wake?.waitMs;
    if (last && isSame) return last.answer;
    const body = {
      accepted: true as const,
      ...(heartbeatIntervalMs !== undefined && { heartbeatIntervalMs }),
      ...(wake && { wake }),
    };
    last = { heartbeatIntervalMs, wake, answer: { status: 200, body, lastWritten: undefined } };
    return last.answer;
  };
}
