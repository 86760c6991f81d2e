import type { RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';
import type { Observation } from '../device/device-observer.js';
import { withinLimit } from '../device/runtime-status.js';
import { statusHash } from '../device/status-hash.js';
import type { Identity } from '../identity/identity.js';

/** What a call reports to Cloudly about this node and its device. */
export interface NodeReport {
  status: RuntimeStatus;
  statusHash: string;
  vitals: Vitals;
}

/** What only the loop knows about its calls. */
export type CallVitals = Pick<Vitals, 'failedHeartbeats' | 'clockSkewMs'>;

/**
 * Makes reports of observations, with what only the identity and the loop know. A status that has not changed is neither
 * measured nor hashed again.
 */
export class NodeReporter {
  #observed: RuntimeStatus | undefined;
  #known: { text: string; status: RuntimeStatus; statusHash: string } | undefined;

  report(
    observation: Observation,
    { previousNodeId }: Pick<Identity, 'previousNodeId'>,
    callVitals: CallVitals,
  ): NodeReport {
    const { status, statusHash: hash } = this.#status(observation.status, previousNodeId);
    return { status, statusHash: hash, vitals: { ...observation.vitals, ...callVitals } };
  }

  #status(observed: RuntimeStatus, previousNodeId: string | undefined) {
    if (this.#known && this.#observed === observed && this.#known.status.previousNodeId === previousNodeId) {
      return this.#known;
    }
    this.#observed = observed;
    const full = { ...observed, previousNodeId };
    const text = JSON.stringify(full);
    if (this.#known?.text !== text) {
      const status = withinLimit(full, text);
      this.#known = { text, status, statusHash: statusHash(status) };
    }
    return this.#known;
  }
}
