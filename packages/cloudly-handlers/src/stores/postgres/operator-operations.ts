import { postgresDialect } from '../lists/dialect.js';
import { createFleetLists } from '../lists/fleet-lists.js';
import type { Behalf } from '../records/behalf.js';
import { createAlertOperations } from './alert-operations.js';
import { createBulkOperations } from './bulk-operations.js';
import type { EventMover } from './event-mover.js';
import type { FactsKeeping } from './facts-keeping.js';
import { createRolloutOperations } from './rollout-operations.js';
import { createProfileOperations } from './profile-operations.js';
import type { Telling } from './telling.js';
import { createViewOperations } from './view-operations.js';

/** What only operators call. */
export function createOperatorOperations(
  telling: Telling,
  schema: string,
  { facts, mover }: { facts: FactsKeeping; mover: EventMover },
) {
  const lists = createFleetLists(postgresDialect(schema), (text, values) => telling.query({ text }, values));
  const profileOperations = createProfileOperations(telling, schema, facts);
  const viewOperations = createViewOperations(telling, schema);
  const bulkOperations = createBulkOperations(telling, schema);
  const alertOperations = createAlertOperations(telling, schema);
  const rolloutOperations = createRolloutOperations(telling, schema);

  return (behalf: Behalf) => {
    const { listEvents, ...fleetLists } = lists(behalf);
    return {
      ...fleetLists,
      /** What was written before is moved first, so that everybody reads what they wrote. */
      async listEvents(...query: Parameters<typeof listEvents>) {
        await mover.moveAll();
        return listEvents(...query);
      },
      ...profileOperations(behalf),
      ...viewOperations(behalf),
      ...bulkOperations(behalf),
      ...alertOperations(behalf),
      ...rolloutOperations(behalf),
    };
  };
}
