import * as v from 'valibot';
import { openObject } from '../schema/open-object.js';
import { judgedBy } from '../schema/judged-by.js';
import { limits } from '../protocol/limits.js';
import {
  absentIfUnusable,
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
  'preview',
] as const;

export type CommandKind = (typeof commandKinds)[number];

/** An unknown kind is accepted; a node answers it with `unsupported`. */
export const commandKindSchema = openEnum(commandKinds);

function durationUpTo(maxMs: number, minMs = 0) {
  return judgedBy(
    isWholeNumber(minMs, maxMs),
    v.pipe(v.number(), v.safeInteger('integer'), v.minValue(minMs, 'min'), v.maxValue(maxMs, 'max')),
  );
}

/** What a command asks for, whether it is carried out or only previewed. */
const requestEntries = {
  /** What to do. */
  kind: commandKindSchema,
  /** Override update locks. */
  force: v.optional(boolean),
  /** The app that the command is about. */
  appId: v.optional(positiveCount),
  /** The name of the service that the command is about. */
  service: v.optional(text),
  /** Of `update`: the release to install. A device whose target is another one refuses. */
  commit: v.optional(text),
  /** How long the command may run once it has begun. `commandTimes` has the defaults. */
  timeoutMs: v.optional(durationUpTo(limits.commandTimeoutMaxMs, limits.commandTimeoutMinMs)),
  /** How long the services must keep running until the command has succeeded. `commandTimes` has the defaults. */
  soakMs: v.optional(durationUpTo(limits.commandSoakMaxMs)),
};

/** What a command asks for, without its ID and its time. */
export const commandRequestSchema = openObject(requestEntries);

export type CommandRequest = KnownKeys<v.InferOutput<typeof commandRequestSchema>>;

/** A command of Cloudly to a node, executed at most once. App layer only. */
export const commandSchema = openObject({
  /** Chosen by Cloudly; a node never runs the same ID twice. */
  id: uuid,
  ...requestEntries,
  /** Of `preview`: what would be asked. Nothing is done; the result's `details` say what would be. */
  of: v.optional(commandRequestSchema),
  /** Counted by the node, monotonically, from the moment it sent the request that this answers. */
  expiresInMs: durationUpTo(limits.commandExpiresMaxMs),
});

export type Command = KnownKeys<v.InferOutput<typeof commandSchema>>;

/**
 * How a command ended: `interrupted` if its outcome cannot be known, `refused` if the device's own settings or the
 * safety of the agent forbid it.
 */
export const commandOutcomes = ['succeeded', 'failed', 'expired', 'unsupported', 'interrupted', 'refused'] as const;

export type CommandOutcome = (typeof commandOutcomes)[number];

/**
 * The result of a command. A node keeps `error.message` to 1,000 characters and `details` to 2 KiB, so that no result
 * is too large for a heartbeat.
 */
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

/**
 * What a running command is doing: `postponed` and `waiting-for-lock` have not begun, `verifying` watches whether what
 * was done lasts.
 */
export const commandPhases = [
  'postponed',
  'waiting-for-lock',
  'downloading',
  'installing',
  'restarting',
  'verifying',
] as const;

export type CommandPhase = (typeof commandPhases)[number];

/** The command that a node is running, or the one that it waits to begin. */
export const runningCommandSchema = openObject({
  /** The ID of the command. */
  id: uuid,
  /** What it is doing. */
  phase: openEnum(commandPhases),
  /** Why it is in this phase, for a person: who holds the lock, why it was postponed. */
  reason: absentIfUnusable(text),
  /** How long it has been in this phase. */
  sinceMs: absentIfUnusable(durationMs),
  /** Its progress. */
  progressPercent: absentIfUnusable(percent),
});

export type RunningCommand = KnownKeys<v.InferOutput<typeof runningCommandSchema>>;
