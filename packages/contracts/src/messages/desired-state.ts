import * as v from 'valibot';
import { openObject } from '../schema/open-object.js';
import { commandSchema } from './command.js';
import { limits } from '../protocol/limits.js';
import { absentIfUnusable, type KnownKeys } from '../schema/schema-parts.js';
import { tolerantList } from '../schema/tolerant-list.js';

/** From the quietest to the most verbose. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof logLevels)[number];

/** Whether a device installs releases by itself (`free`) or waits for the command `update` (`gated`). */
export const updateModes = ['free', 'gated'] as const;

export type UpdateMode = (typeof updateModes)[number];

/** Settings that Cloudly may give a node. For a missing or unusable one, the node's own configuration applies, except as `updates` says. */
export const settingsSchema = openObject({
  /** How much the agent logs. */
  logLevel: absentIfUnusable(v.picklist(logLevels)),
  /**
   * How the device takes new releases. `own` returns to the node's own configuration; if this is missing or unusable, what
   * is in force stays, also across restarts.
   */
  updates: absentIfUnusable(v.picklist([...updateModes, 'own'])),
});

/**
 * The desired state of a node. If an answer has none, nothing changes; if it has one, it is complete and replaces the
 * previous one.
 */
export const desiredStateSchema = openObject({
  /** The settings that Cloudly gives the node. */
  settings: absentIfUnusable(settingsSchema),
  /** The commands that are due now. */
  commands: absentIfUnusable(tolerantList(commandSchema, limits.commandsMax)),
});

export type Settings = KnownKeys<v.InferOutput<typeof settingsSchema>>;
export type DesiredState = KnownKeys<v.InferOutput<typeof desiredStateSchema>>;
