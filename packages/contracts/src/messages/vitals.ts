import * as v from 'valibot';
import { openObject } from '../schema/open-object.js';
import { absentIfUnusable, count, durationMs, type KnownKeys, percent } from '../schema/schema-parts.js';

/**
 * Values that always change. A node omits what it cannot read and never guesses. A reading out of bounds counts as
 * absent: even the smallest heartbeat has vitals, and a faulty sensor must not silence a node.
 */
export const vitalsSchema = openObject({
  /** Time since the agent's process started. */
  agentUptimeMs: durationMs,
  /** Time since the host booted. */
  hostUptimeMs: absentIfUnusable(durationMs),
  /** The agent's own resident memory. */
  agentRssBytes: count,
  /** The memory that programs can still get. */
  memoryAvailableBytes: absentIfUnusable(count),
  /** Mean number of runnable processes over the last minute. */
  load1: absentIfUnusable(v.pipe(v.number(), v.finite('finite'), v.minValue(0, 'min'))),
  /** The free space on the file system that holds the agent's state. */
  storageFreeBytes: absentIfUnusable(count),
  /** The temperature of the processor. */
  cpuTemperatureCelsius: absentIfUnusable(v.pipe(v.number(), v.finite('finite'))),
  /** The node's wall clock minus Cloudly's. */
  clockSkewMs: absentIfUnusable(v.pipe(v.number(), v.safeInteger('integer'))),
  /** How much of the update has been downloaded, during a download. */
  downloadProgressPercent: absentIfUnusable(percent),
  /** Time since the Supervisor last answered. */
  supervisorSeenMsAgo: absentIfUnusable(durationMs),
  /** Heartbeats without a 200 since the last one that got it. */
  failedHeartbeats: count,
});

export type Vitals = KnownKeys<v.InferOutput<typeof vitalsSchema>>;
