import * as v from 'valibot';
import { openObject } from '../schema/open-object.js';
import { desiredStateSchema } from './desired-state.js';
import { runtimeStatusSchema } from './runtime-status.js';
import {
  absentIfUnusable,
  answerEntries,
  heartbeatIntervalMs,
  type KnownKeys,
  nodeIdSchema,
  nodeTokenSchema,
  openEnum,
  protocol,
  registrationKeySchema,
  uuid,
} from '../schema/schema-parts.js';

/** A node asks Cloudly to admit it. The join token is in the Authorization header. */
export const registerRequestSchema = openObject({
  protocol,
  /** The ID that the node chose; constant for the life of its identity. */
  nodeId: nodeIdSchema,
  /** Proves in a replay that the caller is the same node; see {@link deriveRegistrationKey}. */
  registrationKey: registrationKeySchema,
  /** A UUID that the agent generates at each start of its process. */
  bootId: uuid,
  /** The whole status of the node. */
  status: runtimeStatusSchema,
});

/** 201 for a new node, 200 for a known one. */
export const registerAcceptedSchema = openObject({
  ...answerEntries,
  /** Cloudly has admitted the node. */
  accepted: v.literal(true),
  /** The ID of the node, as in the request. */
  nodeId: nodeIdSchema,
  /** The token in the Authorization header of the node's heartbeats. */
  nodeToken: nodeTokenSchema,
  /** The time from one heartbeat to the next; if absent, the node's own setting applies. */
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  /** The desired state of the node; if absent, nothing changes. */
  desiredState: absentIfUnusable(desiredStateSchema),
});

/** 202: the node waits for an operator. */
export const registerPendingSchema = openObject({
  ...answerEntries,
  /** Cloudly has not admitted the node yet. */
  accepted: v.literal(false),
  /** What the node waits for. */
  reason: openEnum(['pending-approval']),
});

export const registerAnswerSchema = v.variant('accepted', [registerAcceptedSchema, registerPendingSchema]);

export type RegisterRequest = KnownKeys<v.InferOutput<typeof registerRequestSchema>>;
export type RegisterAccepted = KnownKeys<v.InferOutput<typeof registerAcceptedSchema>>;
export type RegisterPending = KnownKeys<v.InferOutput<typeof registerPendingSchema>>;
export type RegisterAnswer = RegisterAccepted | RegisterPending;
