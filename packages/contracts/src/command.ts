import * as v from 'valibot';
import { openObject } from './open-object.js';
import { judgedBy } from './judged-by.js';
import { limits } from './limits.js';
import {
  anyText,
  boolean,
  durationMs,
  isWholeNumber,
  type KnownKeys,
  members,
  openEnum,
  percent,
  positiveCount,
  text,
  uuid,
} from './schema-parts.js';

/** What Cloudly can ask of a node. App layer only. */
export const commandKinds = [
  'update',
  'restart-app',
  'restart-service',
  'start-service',
  'stop-service',
  'reboot',
  'shutdown',
  'blink',
] as const;

export type CommandKind = (typeof commandKinds)[number];

/** A kind that this version does not know passes; a node answers it with `unsupported`. */
export const commandKindSchema = openEnum(commandKinds);

export const commandSchema = openObject({
  id: uuid,
  kind: commandKindSchema,
  /** Override update locks. */
  force: v.optional(boolean),
  appId: v.optional(positiveCount),
  service: v.optional(text),
  /** Counted by the node, monotonically, from the moment it sent the request that this answers. */
  expiresInMs: judgedBy(
    isWholeNumber(0, limits.commandExpiresMaxMs),
    v.pipe(durationMs, v.maxValue(limits.commandExpiresMaxMs, 'max')),
  ),
});

export type Command = KnownKeys<v.InferOutput<typeof commandSchema>>;

/**
 * How a command ended: `interrupted` when its fate cannot be known, `refused` when the device's own settings or the
 * safety of the agent forbid it.
 */
export const commandOutcomes = ['succeeded', 'failed', 'expired', 'unsupported', 'interrupted', 'refused'] as const;

export type CommandOutcome = (typeof commandOutcomes)[number];

export const commandResultSchema = openObject({
  id: uuid,
  outcome: openEnum(commandOutcomes),
  durationMs: v.optional(durationMs),
  error: v.optional(openObject({ code: text, message: anyText })),
  details: v.optional(members),
});

export type CommandResult = KnownKeys<v.InferOutput<typeof commandResultSchema>>;

/** The command that a node is at. */
export const runningCommandSchema = openObject({
  id: uuid,
  /** In the node's words: `asked`, `downloading`, `restarting` ... */
  phase: text,
  progressPercent: v.optional(percent),
});

export type RunningCommand = KnownKeys<v.InferOutput<typeof runningCommandSchema>>;
