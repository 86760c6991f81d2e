import { isPassing as isPassingOfStore } from '@serve.zone/baseos-cloudly-handlers';
import { type FleetApiErrorCode, isFleetApiError } from '@serve.zone/baseos-fleet-api';

/** Whether a fleet, in a database or on a server, may answer again later. */
export function isPassing(error: unknown): error is Error {
  return isPassingOfStore(error) || (isFleetApiError(error) && passing.has(error.code));
}

const passing: ReadonlySet<FleetApiErrorCode> = new Set(['unreachable', 'unavailable', 'rate-limited']);
