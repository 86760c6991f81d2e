import * as v from 'valibot';
import { openObject } from './open-object.js';
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
} from './schema-parts.js';

/** A node asks to be one of Cloudly's. The join token travels in the Authorization header. */
export const registerRequestSchema = openObject({
  protocol,
  nodeId: nodeIdSchema,
  /** Proves in a replay that the caller is the same node; see {@link deriveRegistrationKey}. */
  registrationKey: registrationKeySchema,
  /** Made at every start of the agent's process. */
  bootId: uuid,
  status: runtimeStatusSchema,
});

/** 201 for a new node, 200 for one that Cloudly knew. */
export const registerAcceptedSchema = openObject({
  ...answerEntries,
  accepted: v.literal(true),
  nodeId: nodeIdSchema,
  nodeToken: nodeTokenSchema,
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  desiredState: absentIfUnusable(desiredStateSchema),
});

/** 202: the node waits for an operator. */
export const registerPendingSchema = openObject({
  ...answerEntries,
  accepted: v.literal(false),
  reason: openEnum(['pending-approval']),
});

export const registerAnswerSchema = v.variant('accepted', [registerAcceptedSchema, registerPendingSchema]);

export type RegisterRequest = KnownKeys<v.InferOutput<typeof registerRequestSchema>>;
export type RegisterAccepted = KnownKeys<v.InferOutput<typeof registerAcceptedSchema>>;
export type RegisterPending = KnownKeys<v.InferOutput<typeof registerPendingSchema>>;
export type RegisterAnswer = RegisterAccepted | RegisterPending;
