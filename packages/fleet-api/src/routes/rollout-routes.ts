import type { NewWave, Rollout } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { answerOf, answerWith } from '../route/answer.js';
import { count, flag, text } from '../schemas/parts.js';
import {
  limitChanges,
  memberState,
  newLimits,
  newWave,
  rollout,
  rolloutCommand,
  rolloutMember,
  rolloutPreview,
  rolloutState,
  rolloutWindow,
} from '../schemas/rollout-schemas.js';
import { nodeReasons } from '../schemas/why-schemas.js';
import { fleetRoute } from './fleet-route.js';
import { limit } from './query-parts.js';

const rolloutAnswer = answerOf(rollout, { revisionOf: ({ revision }: Rollout) => revision });

const settings = { name: text, command: rolloutCommand, selector: text };
const further = {
  waves: v.optional(v.array(newWave)),
  isDynamic: v.optional(flag),
  needsApproval: v.optional(flag),
};

/** As a list that may be changed, which JSON has. */
function withOwnWaves<Given extends { waves?: readonly NewWave[] | undefined }>({ waves, ...rest }: Given) {
  return { ...rest, waves: waves && [...waves] };
}

/** Commands for many nodes, wave by wave. */
export const rolloutRoutes = {
  createRollout: fleetRoute('createRollout', {
    method: 'PUT',
    path: '/rollouts/{rolloutId}',
    summary: 'Makes a draft of a rollout, under a UUID of your choice',
    body: v.strictObject({
      ...settings,
      ...further,
      limits: v.optional(newLimits),
      window: v.optional(rolloutWindow),
    }),
    answer: rolloutAnswer,
    take: ({ params, body }) => [{ id: params.rolloutId, ...body }],
    give: ({ id, ...body }) => ({ params: { rolloutId: id }, body: withOwnWaves(body) }),
  }),
  changeRollout: fleetRoute('changeRollout', {
    method: 'PATCH',
    path: '/rollouts/{rolloutId}',
    summary: 'Changes a draft, or the limits and the window of a rollout that is paused',
    body: v.strictObject({
      ...v.partial(v.strictObject(settings)).entries,
      ...further,
      limits: v.optional(limitChanges),
      window: v.optional(v.nullable(rolloutWindow)),
    }),
    takesRevision: true,
    answer: rolloutAnswer,
    take: ({ params, body, revision }) => [params.rolloutId, body, { revision }],
    give: (rolloutId, changes, { revision } = {}) => ({
      params: { rolloutId },
      body: withOwnWaves(changes),
      revision,
    }),
  }),
  previewRollout: fleetRoute('previewRollout', {
    method: 'GET',
    path: '/rollouts/{rolloutId}/preview',
    summary: 'Says what would become of a draft that is started now',
    answer: answerOf(rolloutPreview),
    take: ({ params }) => [params.rolloutId],
    give: (rolloutId) => ({ params: { rolloutId } }),
  }),
  startRollout: fleetRoute('startRollout', {
    method: 'POST',
    path: '/rollouts/{rolloutId}/start',
    summary: 'Freezes which nodes are the members of a draft, and begins it',
    answer: rolloutAnswer,
    take: ({ params }) => [params.rolloutId],
    give: (rolloutId) => ({ params: { rolloutId } }),
  }),
  approveRollout: fleetRoute('approveRollout', {
    method: 'POST',
    path: '/rollouts/{rolloutId}/approve',
    summary: 'Approves a draft of another person, or opens the gate behind the wave of a rollout that has begun',
    answer: rolloutAnswer,
    take: ({ params }) => [params.rolloutId],
    give: (rolloutId) => ({ params: { rolloutId } }),
  }),
  pauseRollout: fleetRoute('pauseRollout', {
    method: 'POST',
    path: '/rollouts/{rolloutId}/pause',
    summary: 'Pauses a rollout: nothing more is offered',
    answer: rolloutAnswer,
    take: ({ params }) => [params.rolloutId],
    give: (rolloutId) => ({ params: { rolloutId } }),
  }),
  resumeRollout: fleetRoute('resumeRollout', {
    method: 'POST',
    path: '/rollouts/{rolloutId}/resume',
    summary: 'Lets a rollout go on that is paused, and says what becomes of its members that have failed',
    body: v.optional(
      v.strictObject({
        failed: v.optional(v.picklist(['retry', 'leave-out'])),
        limits: v.optional(limitChanges),
      }),
    ),
    answer: rolloutAnswer,
    take: ({ params, body }) => [params.rolloutId, body],
    give: (rolloutId, options) => ({ params: { rolloutId }, body: options }),
  }),
  stopRollout: fleetRoute('stopRollout', {
    method: 'POST',
    path: '/rollouts/{rolloutId}/stop',
    summary: 'Ends a rollout for ever; what no node has got is withdrawn, and what one has is cancelled',
    answer: rolloutAnswer,
    take: ({ params }) => [params.rolloutId],
    give: (rolloutId) => ({ params: { rolloutId } }),
  }),
  pauseAllRollouts: fleetRoute('pauseAllRollouts', {
    method: 'POST',
    path: '/rollouts/pause',
    summary: 'Pauses every rollout that runs and that you may decide about',
    answer: answerWith('rollouts', v.array(rollout)),
    take: () => [],
    give: () => ({}),
  }),
  takeOverMember: fleetRoute('takeOverMember', {
    method: 'POST',
    path: '/rollouts/{rolloutId}/members/{nodeId}/take-over',
    summary: 'Lets a rollout have a member that another rollout holds',
    answer: answerOf(rolloutMember),
    take: ({ params }) => [params.rolloutId, params.nodeId],
    give: (rolloutId, nodeId) => ({ params: { rolloutId, nodeId } }),
  }),
  getRollout: fleetRoute('getRollout', {
    method: 'GET',
    path: '/rollouts/{rolloutId}',
    summary: 'Shows a rollout, with how many members of each wave are in each state',
    answer: rolloutAnswer,
    take: ({ params }) => [params.rolloutId],
    give: (rolloutId) => ({ params: { rolloutId } }),
  }),
  listRollouts: fleetRoute('listRollouts', {
    method: 'GET',
    path: '/rollouts',
    summary: 'Lists the rollouts, the newest first',
    query: { states: v.optional(v.array(rolloutState)), limit },
    answer: answerWith('rollouts', v.array(rollout)),
    take: ({ query }) => [query],
    give: ({ states, limit: max } = {}) => ({ query: { states: states?.slice(), limit: max } }),
  }),
  listRolloutMembers: fleetRoute('listRolloutMembers', {
    method: 'GET',
    path: '/rollouts/{rolloutId}/members',
    summary: 'Lists the members of a rollout, in the order of node IDs',
    query: {
      states: v.optional(v.array(memberState)),
      wave: v.optional(count),
      group: v.optional(text),
      afterNodeId: v.optional(text),
      limit,
    },
    answer: answerWith('members', v.array(rolloutMember)),
    take: ({ params, query }) => [params.rolloutId, query],
    give: (rolloutId, { states, ...query } = {}) => ({
      params: { rolloutId },
      query: { ...query, states: states?.slice() },
    }),
  }),
  why: fleetRoute('why', {
    method: 'GET',
    path: '/nodes/{nodeId}/why',
    summary: 'Says why a node is where it is: in its rollouts, with its commands, and as itself',
    answer: answerOf(nodeReasons),
    take: ({ params }) => [params.nodeId],
    give: (nodeId) => ({ params: { nodeId } }),
  }),
};
