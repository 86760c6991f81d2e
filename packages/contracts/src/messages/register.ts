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

/** A node asks to be one of Cloudly's. The join token travels in the Authorization header. */
export const registerRequestSchema = openObject({
  protocol,
  /** The ID that the node chose: one and the same for the life of its identity. */
  nodeId: nodeIdSchema,
  /** Proves in a replay that the caller is the same node; see {@link deriveRegistrationKey}. */
  registrationKey: registrationKeySchema,
  /** A UUID that the agent makes whenever its process starts. */
  bootId: uuid,
  /** The whole status of the node. */
  status: runtimeStatusSchema,
});

/** 201 for a new node, 200 for one that Cloudly knew. */
export const registerAcceptedSchema = openObject({
  ...answerEntries,
  /** The node is one of Cloudly's. */
  accepted: v.literal(true),
  /** The ID of the node, as the request named it. */
  nodeId: nodeIdSchema,
  /** What the node's heartbeats carry in their Authorization header. */
  nodeToken: nodeTokenSchema,
  /** The time from one heartbeat to the next; the node's own setting where it is absent. */
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  /** What Cloudly wants of the node; nothing changes where it is absent. */
  desiredState: absentIfUnusable(desiredStateSchema),
});

/** 202: the node waits for an operator. */
export const registerPendingSchema = openObject({
  ...answerEntries,
  /** The node is not one of Cloudly's yet. */
  accepted: v.literal(false),
  /** What the node waits for. */
  reason: openEnum(['pending-approval']),
});

export const registerAnswerSchema = v.variant('accepted', [registerAcceptedSchema, registerPendingSchema]);

export type RegisterRequest = KnownKeys<v.InferOutput<typeof registerRequestSchema>>;
export type RegisterAccepted = KnownKeys<v.InferOutput<typeof registerAcceptedSchema>>;
export type RegisterPending = KnownKeys<v.InferOutput<typeof registerPendingSchema>>;
export type RegisterAnswer = RegisterAccepted | RegisterPending;
