import * as v from 'valibot';
import { openObject } from '../schema/open-object.js';
import { runtimeStatusSchema } from '../messages/runtime-status.js';
import { desiredStateSchema } from '../messages/desired-state.js';
import {
  absentIfUnusable,
  heartbeatIntervalMs,
  type KnownKeys,
  nodeIdSchema,
  nodeTokenSchema,
} from '../schema/schema-parts.js';

/**
 * The answer of a legacy Cloudly to register: one from before messages had `protocol`.
 * Valid settings are read; commands of such a Cloudly are never followed.
 */
export const legacyRegisterAnswerSchema = openObject({
  /** Absent: a message that has it is not a legacy message. */
  protocol: v.optional(v.never()),
  /** The token in the Authorization header of the node's heartbeats. */
  nodeToken: nodeTokenSchema,
  /** The ID of the node. */
  nodeId: absentIfUnusable(nodeIdSchema),
  /** The time from one heartbeat to the next; if absent, the node's own setting applies. */
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  /** The desired state of the node: its settings are read, its commands are never followed. */
  desiredState: absentIfUnusable(desiredStateSchema),
});

/** The answer of a legacy Cloudly to a heartbeat: any JSON object. */
export const legacyHeartbeatAnswerSchema = openObject({
  /** Absent: a message that has it is not a legacy message. */
  protocol: v.optional(v.never()),
  /** The time from one heartbeat to the next; if absent, the node's own setting applies. */
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  /** The desired state of the node: its settings are read, its commands are never followed. */
  desiredState: absentIfUnusable(desiredStateSchema),
});

/**
 * The register request of a legacy node, as far as Cloudly uses it. Some send the join token here
 * instead of in the Authorization header. A node without an ID gets one.
 */
export const legacyRegisterRequestSchema = openObject({
  /** Absent: a message that has it is not a legacy message. */
  protocol: v.optional(v.never()),
  /** The ID of the node; a node without one gets one. */
  nodeId: v.optional(nodeIdSchema),
  /** The join token, if it is not in the Authorization header. */
  joinToken: absentIfUnusable(nodeTokenSchema),
  /** The status, if it follows this contract. */
  status: absentIfUnusable(runtimeStatusSchema),
});

/** The heartbeat of a legacy node, as far as Cloudly uses it. */
export const legacyHeartbeatRequestSchema = openObject({
  /** Absent: a message that has it is not a legacy message. */
  protocol: v.optional(v.never()),
  /** The ID of the node. */
  nodeId: v.optional(nodeIdSchema),
  /** The status, if it follows this contract. */
  status: absentIfUnusable(runtimeStatusSchema),
});

export type LegacyRegisterRequest = KnownKeys<v.InferOutput<typeof legacyRegisterRequestSchema>>;
export type LegacyHeartbeatRequest = KnownKeys<v.InferOutput<typeof legacyHeartbeatRequestSchema>>;
export type LegacyRegisterAnswer = KnownKeys<v.InferOutput<typeof legacyRegisterAnswerSchema>>;
export type LegacyHeartbeatAnswer = KnownKeys<v.InferOutput<typeof legacyHeartbeatAnswerSchema>>;
