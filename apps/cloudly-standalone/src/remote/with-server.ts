import {
  createFleetClient,
  type FleetClient,
  type FleetClientOptions,
  isFleetApiError,
} from '@serve.zone/baseos-fleet-api';
import { OperationError } from '../command/command-context.js';
import { describeServerError } from './describe-server-error.js';

/**
 * The result of `work` on the fleet of a running server.
 *
 * @throws OperationError if the server gives no answer.
 */
export async function withServer<Result>(
  access: Pick<FleetClientOptions, 'url' | 'token' | 'fetch'>,
  work: (client: FleetClient) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(createFleetClient(access));
  } catch (error) {
    throw isFleetApiError(error) ? new OperationError(describeServerError(error, access.url)) : error;
  }
}
