import * as v from 'valibot';
import { openObject } from './open-object.js';
import { runtimeStatusSchema } from './runtime-status.js';
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
export const provisionalRegisterAnswerSchema = openObject({
  protocol: v.optional(v.never()),
  nodeToken: nodeTokenSchema,
  nodeId: absentIfUnusable(nodeIdSchema),
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  desiredState: absentIfUnusable(desiredStateSchema),
});

/** What a provisional Cloudly answers to a heartbeat: any JSON object. */
export const provisionalHeartbeatAnswerSchema = openObject({
  protocol: v.optional(v.never()),
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  desiredState: absentIfUnusable(desiredStateSchema),
});

/**
 * What a node of the predecessor sends to register, as far as Cloudly has a use for it. Some send the join token here
 * instead of in the Authorization header. One without a node ID is given one.
 */
export const provisionalRegisterRequestSchema = openObject({
  protocol: v.optional(v.never()),
  nodeId: v.optional(nodeIdSchema),
  joinToken: absentIfUnusable(nodeTokenSchema),
  status: absentIfUnusable(runtimeStatusSchema),
});

/** What a node of the predecessor sends as a heartbeat, as far as Cloudly has a use for it. */
export const provisionalHeartbeatRequestSchema = openObject({
  protocol: v.optional(v.never()),
  nodeId: v.optional(nodeIdSchema),
  status: absentIfUnusable(runtimeStatusSchema),
});

export type ProvisionalRegisterRequest = KnownKeys<v.InferOutput<typeof provisionalRegisterRequestSchema>>;
export type ProvisionalHeartbeatRequest = KnownKeys<v.InferOutput<typeof provisionalHeartbeatRequestSchema>>;
export type ProvisionalRegisterAnswer = KnownKeys<v.InferOutput<typeof provisionalRegisterAnswerSchema>>;
export type ProvisionalHeartbeatAnswer = KnownKeys<v.InferOutput<typeof provisionalHeartbeatAnswerSchema>>;
