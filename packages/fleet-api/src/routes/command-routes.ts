import * as v from 'valibot';
import { answerOf, answerWith } from '../route/answer.js';
import { cancelledCommand, commandOrder, commandRecord, queuedCommand } from '../schemas/command-schemas.js';
import { fleetRoute } from './fleet-route.js';
import { limit } from './query-parts.js';

const path = '/nodes/{nodeId}/commands/{commandId}';

/** The commands of a node. */
export const commandRoutes = {
  queueCommand: fleetRoute('queueCommand', {
    method: 'PUT',
    path,
    summary: 'Sends a command to a node, under a UUID of your choice',
    body: commandOrder,
    answer: answerOf(queuedCommand),
    take: ({ params, body }) => [params.nodeId, body, params.commandId],
    give: (nodeId, order, commandId = globalThis.crypto.randomUUID()) => ({
      params: { nodeId, commandId },
      body: order,
    }),
  }),
  cancelCommand: fleetRoute('cancelCommand', {
    method: 'DELETE',
    path,
    summary: 'Cancels a command; a node that has begun it continues',
    answer: answerOf(cancelledCommand),
    take: ({ params }) => [params.nodeId, params.commandId],
    give: (nodeId, commandId) => ({ params: { nodeId, commandId } }),
  }),
  getCommand: fleetRoute('getCommand', {
    method: 'GET',
    path,
    summary: 'Shows a command and what became of it',
    answer: answerOf(commandRecord),
    take: ({ params }) => [params.nodeId, params.commandId],
    give: (nodeId, commandId) => ({ params: { nodeId, commandId } }),
  }),
  listCommands: fleetRoute('listCommands', {
    method: 'GET',
    path: '/nodes/{nodeId}/commands',
    summary: 'Lists the commands of a node, the newest first',
    query: { limit },
    answer: answerWith('commands', v.array(commandRecord)),
    take: ({ params, query }) => [params.nodeId, query.limit],
    give: (nodeId, max) => ({ params: { nodeId }, query: { limit: max } }),
  }),
};
