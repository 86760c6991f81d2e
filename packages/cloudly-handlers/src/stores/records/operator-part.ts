import type { NodeStore } from '../../fleet/node-store.js';
import type { OperatorStore } from '../../fleet-store/fleet-store.js';

/** What operators and the nodes' endpoints both call. */
export type SharedOperations = Pick<NodeStore, keyof OperatorStore & keyof NodeStore>;

/** The operations that operators have, too, without the others. */
export function operatorPart({
  findNode,
  replaceNode,
  removeNode,
  findStatus,
  listHistory,
  addCommand,
  findCommand,
  cancelCommand,
  listCommands,
  addJoinToken,
  findJoinToken,
  listJoinTokens,
  revokeJoinToken,
  doorbell,
}: SharedOperations): SharedOperations {
  return {
    findNode,
    replaceNode,
    removeNode,
    findStatus,
    listHistory,
    addCommand,
    findCommand,
    cancelCommand,
    listCommands,
    addJoinToken,
    findJoinToken,
    listJoinTokens,
    revokeJoinToken,
    ...(doorbell && { doorbell }),
  };
}
