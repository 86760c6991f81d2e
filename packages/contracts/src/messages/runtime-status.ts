import * as v from 'valibot';
import { openObject } from '../schema/open-object.js';
import { commandKindSchema } from './command.js';
import { updateModes } from './desired-state.js';
import {
  boolean,
  count,
  foreignWord,
  type KnownKeys,
  nodeIdSchema,
  openEnum,
  positiveCount,
  text,
} from '../schema/schema-parts.js';
import { tolerantList } from '../schema/tolerant-list.js';

/** Why the Supervisor is in this state, for a person. */
const supervisorReason = v.optional(text);

function withoutSupervisor<const State extends string>(state: State) {
  return openObject({
    /** Why the Supervisor cannot be read. */
    state: v.literal(state),
    reason: supervisorReason,
  });
}

/** A service of an app, as the Supervisor reports it. */
const supervisorServiceSchema = openObject({
  /** The name of the service in the app's compose file. */
  name: text,
  /** The Supervisor's word for it: `Running`, `Downloading`, `exited` ... */
  status: text,
  /** The ID of its container, if it has one. */
  containerId: v.optional(text),
});

/** An app on the device, as the Supervisor reports it. */
const supervisorAppSchema = openObject({
  /** The ID of the app's fleet. */
  appId: positiveCount,
  /** The name of the app. */
  name: v.optional(text),
  /** The release that the app runs. */
  commit: v.optional(text),
  /** The services of the app. */
  services: tolerantList(supervisorServiceSchema),
});

/** The Supervisor answers the node. */
const availableSupervisorSchema = openObject({
  /** The Supervisor answers the node. */
  state: v.literal('available'),
  /** The version of the Supervisor. */
  version: text,
  /** The device, as the Supervisor reports it. */
  device: openObject({
    /** The IP addresses of the device. */
    ipAddresses: tolerantList(text),
    /** The MAC addresses of the device. */
    macAddresses: tolerantList(text),
    /** The release that the device runs. */
    commit: v.optional(text),
    /** The Supervisor's current activity: `Idle`, `Downloading` ... */
    status: v.optional(text),
    /** An update is known and has not been applied yet. */
    updatePending: boolean,
    /** The last update failed. */
    updateFailed: boolean,
    /** The update that is pending has been downloaded. */
    updateDownloaded: boolean,
  }),
  /** The Supervisor's own word: `applied` when the device runs what its target says, `applying` on the way there. */
  appState: v.optional(foreignWord(['applied', 'applying'])),
  /** The apps on the device. */
  apps: tolerantList(supervisorAppSchema),
});

const supervisorStates = ['not-configured', 'unreachable', 'unauthorized', 'failing', 'available'] as const;

/**
 * A state that a newer node reports and this version does not know: stored, not judged. Its type is `never`, because no
 * reader can name it; a `switch` over `state` still needs a default.
 */
const newerSupervisorSchema = openObject({
  /** A word that this version does not know. */
  state: v.pipe(
    v.custom<never>(
      (state) => v.is(text, state) && !supervisorStates.some((known) => known === state),
      'supervisor-state',
    ),
    v.metadata({ otherThan: supervisorStates }),
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

/** The words for the gate of a device: `unavailable` if the node cannot hold releases back. */
export const gateStates = ['closed', 'open', 'unavailable'] as const;

export type GateState = (typeof gateStates)[number];

/** How the device takes new releases. */
const updatesSchema = openObject({
  /** `gated` if releases wait for the command `update`. */
  mode: openEnum(updateModes),
  /** Of a gated device: whether its gate holds releases back. */
  gate: v.optional(openEnum(gateStates)),
  /** The release that is downloaded and waits behind the gate. */
  staged: v.optional(text),
  /** Why the gate is in this state, for a person. */
  reason: v.optional(text),
});

export type UpdatesStatus = KnownKeys<v.InferOutput<typeof updatesSchema>>;

/**
 * What a node reports about itself that rarely changes: no times, counters or percentages, so that its digest stays the
 * same. It omits what it cannot read; it never guesses.
 */
export const runtimeStatusSchema = openObject({
  /** The program that reports for the device. */
  agent: openObject({
    /** The name of the program, such as `baserunner`. */
    name: text,
    /** The version of the program. */
    version: text,
  }),
  /** The JavaScript runtime. */
  runtime: openObject({
    /** The name of the runtime, such as `node`. */
    name: text,
    /** The version of the runtime. */
    version: text,
  }),
  /** The machine, as the agent's container sees it. */
  host: openObject({
    /** The host name; in a container that is the container's. */
    hostname: v.optional(text),
    /** The operating system, such as `linux`. */
    platform: text,
    /** The architecture of the processor, such as `arm64`. */
    arch: text,
    /** The version of the host's operating system. */
    osVersion: v.optional(text),
    /** The processors that the agent can use. */
    cpuCount: v.optional(positiveCount),
    /** The memory of the machine. */
    memoryTotalBytes: v.optional(count),
    /** The size of the file system that holds the agent's state. */
    storageTotalBytes: v.optional(count),
  }),
  /** From the `BALENA_*` variables that the Supervisor sets in a container. */
  device: openObject({
    /** The device's UUID in balena, which is 32 hexadecimal digits. */
    uuid: v.optional(text),
    /** The device type, such as `raspberrypi4-64`. */
    type: v.optional(text),
    /** The ID of the fleet that the device belongs to. */
    appId: v.optional(positiveCount),
    /** The name of the fleet that the device belongs to. */
    appName: v.optional(text),
    /** The name of the agent's own service. */
    serviceName: v.optional(text),
  }),
  supervisor: supervisorStatusSchema,
  /** The kinds of command that the node accepts, and `force` if such a command may override update locks. */
  acceptedCommands: tolerantList(commandKindSchema),
  /** How the device takes new releases; absent if the node does not know. */
  updates: v.optional(updatesSchema),
  /**
   * Present after the node took a new identity: its disk was copied, its device was re-provisioned, or its operator
   * requested it.
   */
  previousNodeId: v.optional(nodeIdSchema),
});

export type RuntimeStatus = KnownKeys<v.InferOutput<typeof runtimeStatusSchema>>;
export type SupervisorStatus = RuntimeStatus['supervisor'];
export type AvailableSupervisor = KnownKeys<v.InferOutput<typeof availableSupervisorSchema>>;
