import * as v from 'valibot';
import { openObject } from '../schema/open-object.js';
import { commandResultSchema, runningCommandSchema } from './command.js';
import { desiredStateSchema } from './desired-state.js';
import { limits } from '../protocol/limits.js';
import { runtimeStatusSchema } from './runtime-status.js';
import {
  absentIfUnusable,
  answerEntries,
  boolean,
  heartbeatIntervalMs,
  type KnownKeys,
  nodeIdSchema,
  nodeTokenSchema,
  positiveCount,
  protocol,
  textOf,
  uuid,
} from '../schema/schema-parts.js';
import { tolerantList } from '../schema/tolerant-list.js';
import { vitalsSchema } from './vitals.js';
import { wakeOfferSchema } from './wake.js';

/** A node reports that it is alive. The node token is in the Authorization header. */
export const heartbeatRequestSchema = openObject({
  protocol,
  /** The ID of the node. */
  nodeId: nodeIdSchema,
  /** A UUID that the agent generates at each start of its process. */
  bootId: uuid,
  /** 1, 2, 3 ... within a `bootId`; a new number for every heartbeat that is sent. */
  sequence: positiveCount,
  /** The node's own digest of its status. Cloudly stores and compares it, and never computes it. */
  statusHash: textOf(limits.statusHashMaxLength),
  /** Omitted once Cloudly has acknowledged `statusHash` within this `bootId`. */
  status: v.optional(runtimeStatusSchema),
  vitals: vitalsSchema,
  /** The command that the node is running. */
  runningCommand: absentIfUnusable(runningCommandSchema),
  /** The results of commands; repeated until a 200 acknowledges them. */
  commandResults: v.optional(tolerantList(commandResultSchema, limits.commandResultsMax)),
});

/** Always a 200: everything in the request counts as delivered. */
export const heartbeatAnswerSchema = openObject({
  ...answerEntries,
  /** The heartbeat was accepted. */
  accepted: v.literal(true),
  /** The time from one heartbeat to the next; if absent, the node's own setting applies. */
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  /** The next heartbeat must contain the status. */
  sendFullStatus: absentIfUnusable(boolean),
  /** Replaces the current token once the node has stored it durably. */
  nextNodeToken: absentIfUnusable(nodeTokenSchema),
  /** Two devices use the identity of this node; until the operator decides, neither gets commands or tokens. */
  cloneSuspected: absentIfUnusable(boolean),
  /** The desired state of the node; if absent, nothing changes. */
  desiredState: absentIfUnusable(desiredStateSchema),
  /** Cloudly offers to wake the node; if absent or unusable, it does not. */
  wake: absentIfUnusable(wakeOfferSchema),
});

export type HeartbeatRequest = KnownKeys<v.InferOutput<typeof heartbeatRequestSchema>>;
export type HeartbeatAnswer = KnownKeys<v.InferOutput<typeof heartbeatAnswerSchema>>;
