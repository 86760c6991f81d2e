import * as v from 'valibot';
import { openObject } from './open-object.js';
import { commandResultSchema, runningCommandSchema } from './command.js';
import { desiredStateSchema } from './desired-state.js';
import { limits } from './limits.js';
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
  text,
  uuid,
} from './schema-parts.js';
import { tolerantList } from './tolerant-list.js';
import { vitalsSchema } from './vitals.js';

/** A node says that it lives. The node token travels in the Authorization header. */
export const heartbeatRequestSchema = openObject({
  protocol,
  nodeId: nodeIdSchema,
  /** Made at every start of the agent's process. */
  bootId: uuid,
  /** 1, 2, 3 ... within a `bootId`; a new number for every heartbeat that is sent. */
  sequence: positiveCount,
  /** The node's own digest of its status. Cloudly stores and compares it, and never computes it. */
  statusHash: v.pipe(text, v.maxLength(limits.statusHashMaxLength, 'max-length')),
  /** Left out when Cloudly has acknowledged `statusHash` within this `bootId`. */
  status: v.optional(runtimeStatusSchema),
  vitals: vitalsSchema,
  runningCommand: absentIfUnusable(runningCommandSchema),
  commandResults: v.optional(tolerantList(commandResultSchema, limits.commandResultsMax)),
});

/** Always a 200: everything in the request counts as delivered. */
export const heartbeatAnswerSchema = openObject({
  ...answerEntries,
  accepted: v.literal(true),
  heartbeatIntervalMs: absentIfUnusable(heartbeatIntervalMs),
  /** The next heartbeat shall carry the status. */
  sendFullStatus: absentIfUnusable(boolean),
  /** Takes the place of the token in use, once the node has stored it durably. */
  nextNodeToken: absentIfUnusable(nodeTokenSchema),
  /** Two devices speak as this node; until the operator decides, neither gets commands or tokens. */
  cloneSuspected: absentIfUnusable(boolean),
  desiredState: absentIfUnusable(desiredStateSchema),
});

export type HeartbeatRequest = KnownKeys<v.InferOutput<typeof heartbeatRequestSchema>>;
export type HeartbeatAnswer = KnownKeys<v.InferOutput<typeof heartbeatAnswerSchema>>;
