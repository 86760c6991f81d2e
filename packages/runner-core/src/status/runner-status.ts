import type { CommandsOverview } from '../commands/worker/commands-overview.js';
import type { RuntimeStatus, Vitals } from '@serve.zone/baseos-contracts';
import type { ValueSource } from '../config/runner-config.js';
import type { WakingStatus } from '../waking/waking-status.js';
import type { Connectivity, NodeState, PlannedCall } from '../loop/node-state.js';

/** What `BaseRunner.status()` gives and the agent publishes for `baserunner status`. Nothing in it is secret. */
export interface RunnerStatus {
  runtime: {
    agent: RuntimeStatus['agent'];
    runtime: RuntimeStatus['runtime'];
    host: RuntimeStatus['host'];
    device: RuntimeStatus['device'];
    /** Absent until they were read for the first time. */
    vitals?: Vitals | undefined;
  };
  /** As the node last saw it. */
  supervisor: RuntimeStatus['supervisor'];
  /** How the device takes releases; absent if that is not known. */
  updates?: RuntimeStatus['updates'];
  cloudly: {
    state: NodeState;
    connectivity: Connectivity;
    url?: string | undefined;
    cloudlyId?: string | undefined;
    nodeId?: string | undefined;
    previousNodeId?: string | undefined;
    /** Present while an operator's approval is awaited. */
    approvalCode?: string | undefined;
    heartbeatIntervalMs: number;
    cloneSuspected: boolean;
    /** RFC 3339, by the device's clock: when Cloudly last accepted a call since this start. */
    lastSuccessAt?: string | undefined;
    /** Calls in a row without a verdict. */
    failuresInARow: number;
    /** Heartbeats that Cloudly did not acknowledge since the last one that it did. */
    failedHeartbeats: number;
    /** These three count since this start. */
    heartbeatsSent: number;
    heartbeatsAcknowledged: number;
    outages: number;
    /** What is wrong, and what to do about it. */
    problem?: { code: string; message: string; remedy: string } | undefined;
    next?: PlannedCall | undefined;
    /** Absent if no agent runs, or it has no Cloudly. */
    waking?: WakingStatus | undefined;
  };
  /** What Cloudly may do. While an agent runs: what it does. */
  commands: {
    /** The kinds that the device accepts. */
    accepted: RuntimeStatus['acceptedCommands'];
  } & CommandsOverview;
  /** By the name of the variable. A secret shows only whether it is set. */
  configuration: Record<
    string,
    { value: string | number | boolean | undefined; source: ValueSource | 'cloudly' | 'state-file' }
  >;
}
