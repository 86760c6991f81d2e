import type { Fleet } from '@serve.zone/baseos-cloudly-handlers';
import type { BulkRunner } from './bulk-runner.js';
import type { Operators } from '../operators/operators.js';
import { fleetService } from './fleet-service.js';
import { operatorsService } from './operators-service.js';
import type { Service } from '../route/service.js';

export interface ServedParts {
  fleet: Fleet;
  operators?: Operators | undefined;
  runner: Pick<BulkRunner, 'begin'>;
  exports: Service;
  streams: Service;
}

/** Every table of routes that an API serves. */
export function servicesOf({ fleet, operators, runner, exports, streams }: ServedParts): Service[] {
  return [fleetService(fleet, runner), ...(operators ? [operatorsService(operators)] : []), exports, streams];
}
