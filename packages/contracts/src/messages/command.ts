import * as v from 'valibot';
import { openObject } from '../schema/open-object.js';
import { judgedBy } from '../schema/judged-by.js';
import { limits } from '../protocol/limits.js';
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
} from '../schema/schema-parts.js';

/** What Cloudly can ask a node to do. App layer only. */
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

/** An unknown kind is accepted; a node answers it with `unsupported`. */
export const commandKindSchema = openEnum(commandKinds);

/** A command of Cloudly to a node, executed at most once. App layer only. */
export const commandSchema = openObject({
  /** Chosen by Cloudly; a node never runs the same ID twice. */
  id: uuid,
  /** What to do. */
  kind: commandKindSchema,
  /** Override update locks. */
  force: v.optional(boolean),
  /** The app that the command is about. */
  appId: v.optional(positiveCount),
  /** The name of the service that the command is about. */
  service: v.optional(text),
  /** Counted by the node, monotonically, from the moment it sent the request that this answers. */
  expiresInMs: judgedBy(
    isWholeNumber(0, limits.commandExpiresMaxMs),
    v.pipe(durationMs, v.maxValue(limits.commandExpiresMaxMs, 'max')),
  ),
});

export type Command = KnownKeys<v.InferOutput<typeof commandSchema>>;

/**
 * How a command ended: `interrupted` if its outcome cannot be known, `refused` if the device's own settings or the
 * safety of the agent forbid it.
 */
export const commandOutcomes = ['succeeded', 'failed', 'expired', 'unsupported', 'interrupted', 'refused'] as const;

export type CommandOutcome = (typeof commandOutcomes)[number];

/** The result of a command. */
export const commandResultSchema = openObject({
  /** The ID of the command. */
  id: uuid,
  /**
   * How the command ended: `interrupted` if its outcome cannot be known, `refused` if the device's own settings or the
   * safety of the agent forbid it.
   */
  outcome: openEnum(commandOutcomes),
  /** How long the command ran. */
  durationMs: v.optional(durationMs),
  /** Why the command did not succeed. */
  error: v.optional(
    openObject({
      /** A stable word for programs, such as `locked`. */
      code: text,
      /** What happened, for a person. */
      message: anyText,
    }),
  ),
  /** Further details that the node knows about the outcome. */
  details: v.optional(members),
});

export type CommandResult = KnownKeys<v.InferOutput<typeof commandResultSchema>>;

/** The command that a node is running. */
export const runningCommandSchema = openObject({
  /** The ID of the command. */
  id: uuid,
  /** In the node's words: `asked`, `downloading`, `restarting` ... */
  phase: text,
  /** Its progress. */
  progressPercent: v.optional(percent),
});

export type RunningCommand = KnownKeys<v.InferOutput<typeof runningCommandSchema>>;
