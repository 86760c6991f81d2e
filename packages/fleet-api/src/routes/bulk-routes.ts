import * as v from 'valibot';
import { answerOf, answerWith } from '../route/answer.js';
import { bulkAction, bulkJob, bulkOutcome, bulkProgress, bulkResult } from '../schemas/bulk-schemas.js';
import { text, wholeNumber } from '../schemas/parts.js';
import { fleetRoute } from './fleet-route.js';
import { limit } from './query-parts.js';

/** Actions on many nodes. */
export const bulkRoutes = {
  previewBulk: fleetRoute('previewBulk', {
    method: 'PUT',
    path: '/bulk-jobs/{jobId}',
    summary: 'Freezes which nodes a job is about, under a UUID of your choice',
    body: v.strictObject({ action: bulkAction, selector: text }),
    answer: answerOf(bulkJob),
    take: ({ params, body }) => [{ id: params.jobId, ...body }],
    give: ({ id = globalThis.crypto.randomUUID(), action, selector }) => ({
      params: { jobId: id },
      body: { action, selector },
    }),
  }),
  confirmBulk: fleetRoute('confirmBulk', {
    method: 'POST',
    path: '/bulk-jobs/{jobId}/confirm',
    summary: 'Begins a job, which the server carries out, if the number of its nodes was typed right',
    body: v.strictObject({ nodeCount: wholeNumber }),
    answer: answerOf(bulkJob),
    take: ({ params, body }) => [params.jobId, body.nodeCount],
    give: (jobId, typedCount) => ({ params: { jobId }, body: { nodeCount: typedCount } }),
  }),
  runBulk: fleetRoute('runBulk', {
    method: 'POST',
    path: '/bulk-jobs/{jobId}/run',
    summary: 'Has the server go on with a job that was confirmed',
    answer: answerOf(bulkProgress, { status: 202 }),
    take: ({ params }) => [params.jobId],
    give: (jobId) => ({ params: { jobId } }),
  }),
  stopBulk: fleetRoute('stopBulk', {
    method: 'POST',
    path: '/bulk-jobs/{jobId}/stop',
    summary: 'Stops a job before its next node',
    answer: answerOf(bulkProgress),
    take: ({ params }) => [params.jobId],
    give: (jobId) => ({ params: { jobId } }),
  }),
  bulkProgress: fleetRoute('bulkProgress', {
    method: 'GET',
    path: '/bulk-jobs/{jobId}',
    summary: 'Shows a job and how far it is',
    answer: answerOf(bulkProgress),
    take: ({ params }) => [params.jobId],
    give: (jobId) => ({ params: { jobId } }),
  }),
  bulkResults: fleetRoute('bulkResults', {
    method: 'GET',
    path: '/bulk-jobs/{jobId}/results',
    summary: 'Lists what a job has done to each node',
    query: { outcome: v.optional(bulkOutcome), afterNodeId: v.optional(text), limit },
    answer: answerWith('results', v.array(bulkResult)),
    take: ({ params, query: { limit: max, ...query } }) => [
      params.jobId,
      { ...query, ...(max !== undefined && { limit: max }) },
    ],
    give: (jobId, query) => ({ params: { jobId }, query: { ...query } }),
  }),
  listBulk: fleetRoute('listBulk', {
    method: 'GET',
    path: '/bulk-jobs',
    summary: 'Lists the jobs, the newest first',
    query: { limit },
    answer: answerWith('jobs', v.array(bulkProgress)),
    take: ({ query }) => [query.limit],
    give: (max) => ({ query: { limit: max } }),
  }),
};
