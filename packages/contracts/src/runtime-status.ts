import * as v from 'valibot';
import { commandKindSchema } from './command.js';
import { count, type KnownKeys, nodeIdSchema, openEnum, positiveCount, text, tolerantList } from './schema-parts.js';

const supervisorReason = v.optional(text);

const withoutSupervisor = <const State extends string>(state: State) =>
  v.looseObject({ state: v.literal(state), reason: supervisorReason });

const supervisorServiceSchema = v.looseObject({
  name: text,
  /** What the Supervisor calls it: `Running`, `Downloading`, `exited` ... */
  status: text,
  containerId: v.optional(text),
});

const supervisorAppSchema = v.looseObject({
  appId: positiveCount,
  name: v.optional(text),
  commit: v.optional(text),
  services: tolerantList(supervisorServiceSchema),
});

const availableSupervisorSchema = v.looseObject({
  state: v.literal('available'),
  version: text,
  device: v.looseObject({
    ipAddresses: tolerantList(text),
    macAddresses: tolerantList(text),
    commit: v.optional(text),
    status: v.optional(text),
    updatePending: v.boolean(),
    updateFailed: v.boolean(),
    updateDownloaded: v.boolean(),
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
const newerSupervisorSchema = v.looseObject({
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
export const runtimeStatusSchema = v.looseObject({
  agent: v.looseObject({ name: text, version: text }),
  /** The JavaScript runtime. */
  runtime: v.looseObject({ name: text, version: text }),
  host: v.looseObject({
    hostname: v.optional(text),
    platform: text,
    arch: text,
    osVersion: v.optional(text),
    cpuCount: v.optional(positiveCount),
    memoryTotalBytes: v.optional(count),
    storageTotalBytes: v.optional(count),
  }),
  /** From the `BALENA_*` variables that the Supervisor gives a container. */
  device: v.looseObject({
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
