import * as v from 'valibot';
import { openObject } from './open-object.js';
import { commandKindSchema } from './command.js';
import { boolean, count, type KnownKeys, nodeIdSchema, openEnum, positiveCount, text } from './schema-parts.js';
import { tolerantList } from './tolerant-list.js';

const supervisorReason = v.optional(text);

const withoutSupervisor = <const State extends string>(state: State) =>
  openObject({ state: v.literal(state), reason: supervisorReason });

const supervisorServiceSchema = openObject({
  name: text,
  /** What the Supervisor calls it: `Running`, `Downloading`, `exited` ... */
  status: text,
  containerId: v.optional(text),
});

const supervisorAppSchema = openObject({
  appId: positiveCount,
  name: v.optional(text),
  commit: v.optional(text),
  services: tolerantList(supervisorServiceSchema),
});

const availableSupervisorSchema = openObject({
  state: v.literal('available'),
  version: text,
  device: openObject({
    ipAddresses: tolerantList(text),
    macAddresses: tolerantList(text),
    commit: v.optional(text),
    status: v.optional(text),
    updatePending: boolean,
    updateFailed: boolean,
    updateDownloaded: boolean,
  }),
  /** `applied` when the device runs what its target says, `applying` on the way there. */
  appState: v.optional(openEnum(['applied', 'applying'])),
  apps: tolerantList(supervisorAppSchema),
});

const supervisorStates = ['not-configured', 'unreachable', 'unauthorized', 'failing', 'available'] as const;

/**
 * A state that a newer node reports and this version does not know: stored, not judged. Its type is `never`, since no
 * reader can name it; a `switch` over `state` needs a default all the same.
 */
const newerSupervisorSchema = openObject({
  state: v.custom<never>(
    (state) => v.is(text, state) && !supervisorStates.some((known) => known === state),
    'supervisor-state',
  ),
  reason: supervisorReason,
});

/** The node's view of its balena Supervisor, by `state`. */
export const supervisorStatusSchema = v.variant('state', [
  withoutSupervisor('not-configured'),
  withoutSupervisor('unreachable'),
  withoutSupervisor('unauthorized'),
  withoutSupervisor('failing'),
  availableSupervisorSchema,
  newerSupervisorSchema,
]);

/**
 * What a node says of itself that changes seldom: no instants, counters or percentages, so that its digest holds still.
 * What it cannot read it leaves out; it never guesses.
 */
export const runtimeStatusSchema = openObject({
  agent: openObject({ name: text, version: text }),
  /** The JavaScript runtime. */
  runtime: openObject({ name: text, version: text }),
  host: openObject({
    hostname: v.optional(text),
    platform: text,
    arch: text,
    osVersion: v.optional(text),
    cpuCount: v.optional(positiveCount),
    memoryTotalBytes: v.optional(count),
    storageTotalBytes: v.optional(count),
  }),
  /** From the `BALENA_*` variables that the Supervisor gives a container. */
  device: openObject({
    uuid: v.optional(text),
    type: v.optional(text),
    appId: v.optional(positiveCount),
    appName: v.optional(text),
    serviceName: v.optional(text),
  }),
  supervisor: supervisorStatusSchema,
  acceptedCommands: tolerantList(commandKindSchema),
  /** Set after the node took a new identity: its disk was copied, its device re-provisioned, or its operator said so. */
  previousNodeId: v.optional(nodeIdSchema),
});

export type RuntimeStatus = KnownKeys<v.InferOutput<typeof runtimeStatusSchema>>;
export type SupervisorStatus = RuntimeStatus['supervisor'];
export type AvailableSupervisor = KnownKeys<v.InferOutput<typeof availableSupervisorSchema>>;
