import * as v from 'valibot';
import { limits } from './limits.js';
import { durationMs, type KnownKeys, openEnum, percent, positiveCount, text, uuid } from './schema-parts.js';

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

export const commandSchema = v.looseObject({
  id: uuid,
  kind: commandKindSchema,
  /** Override update locks. */
  force: v.optional(v.boolean()),
  appId: v.optional(positiveCount),
  service: v.optional(text),
  /** Counted by the node, monotonically, from the moment it sent the request that this answers. */
  expiresInMs: v.pipe(durationMs, v.maxValue(limits.commandExpiresMaxMs, 'max')),
});

export type Command = KnownKeys<v.InferOutput<typeof commandSchema>>;

/**
 * How a command ended: `interrupted` when its fate cannot be known, `refused` when the device's own settings or the
 * safety of the agent forbid it.
 */
export const commandOutcomes = ['succeeded', 'failed', 'expired', 'unsupported', 'interrupted', 'refused'] as const;

export type CommandOutcome = (typeof commandOutcomes)[number];

export const commandResultSchema = v.looseObject({
  id: uuid,
  outcome: openEnum(commandOutcomes),
  durationMs: v.optional(durationMs),
  error: v.optional(v.looseObject({ code: text, message: v.string() })),
  details: v.optional(v.record(v.string(), v.unknown())),
});

export type CommandResult = KnownKeys<v.InferOutput<typeof commandResultSchema>>;

/** The command that a node is at. */
export const runningCommandSchema = v.looseObject({
  id: uuid,
  /** In the node's words: `asked`, `downloading`, `restarting` ... */
  phase: text,
  progressPercent: v.optional(percent),
});

export type RunningCommand = KnownKeys<v.InferOutput<typeof runningCommandSchema>>;
