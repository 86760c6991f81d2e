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

/** The observation of the device, with what only the identity and the loop know. */
export function nodeReport(
  observation: Observation,
  { previousNodeId }: Pick<Identity, 'previousNodeId'>,
  callVitals: CallVitals,
): NodeReport {
  const status = withinLimit({ ...observation.status, previousNodeId });
  return { status, statusHash: statusHash(status), vitals: { ...observation.vitals, ...callVitals } };
}
