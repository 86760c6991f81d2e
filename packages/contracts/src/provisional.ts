import * as v from 'valibot';
import { desiredStateSchema } from './desired-state.js';
import {
  absentIfUnusable,
  heartbeatIntervalMs,
  type KnownKeys,
  nodeIdSchema,
  nodeTokenSchema,
} from './schema-parts.js';

/**
 * What a provisional Cloudly answers to register: one that spoke to the first nodes, before messages carried `protocol`.
 * Settings are read where they fit; commands of such a Cloudly are never followed.
 */
export const provisionalRegisterAnswerSchema = v.looseObject({
  protocol: v.optional(v.never()),
  nodeToken: nodeTokenSchema,
  nodeId: absentIfUnusable(nodeIdSchema),
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  desiredState: absentIfUnusable(desiredStateSchema),
});

/** What a provisional Cloudly answers to a heartbeat: any JSON object. */
export const provisionalHeartbeatAnswerSchema = v.looseObject({
  protocol: v.optional(v.never()),
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  desiredState: absentIfUnusable(desiredStateSchema),
});

export type ProvisionalRegisterAnswer = KnownKeys<v.InferOutput<typeof provisionalRegisterAnswerSchema>>;
export type ProvisionalHeartbeatAnswer = KnownKeys<v.InferOutput<typeof provisionalHeartbeatAnswerSchema>>;
