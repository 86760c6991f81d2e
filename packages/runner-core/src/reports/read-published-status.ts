import { join } from 'node:path';
import * as v from 'valibot';
import type { Machine } from '../ports/machine.js';
import { deviceBootId } from '../status/device-boot-id.js';
import { pidNamespace, processRuns } from '../status/process-runs.js';
import type { FoundStatus, PublishedStatus } from '../status/published-status.js';
import { defaultRunPaths, STATUS_FILE_NAME } from '../config/agent-files.js';
import { readPublishedFile } from './read-published-file.js';

export interface ReadPublishedStatusOptions {
  /** As in `BASEOS_RUN_PATH`. @default each of {@link defaultRunPaths} */
  runPath?: string | undefined;
  machine: Pick<Machine, 'uptimeMs'>;
  /** The owner of its directory counts as the agent's user, in addition to this user and root. */
  statePath?: string | undefined;
}

/** What an agent on this device published, the live before the stale. It never throws. */
export async function readPublishedStatus({
  runPath,
  machine,
  statePath,
}: ReadPublishedStatusOptions): Promise<FoundStatus> {
  const candidates = runPath === undefined ? defaultRunPaths : [runPath];
  const found = await Promise.all(
    candidates.map(async (directory) => readOne(directory, statePath, machine.uptimeMs() / 1000)),
  );
  const kinds = ['live', 'unreadable', 'foreign', 'stale'] as const;
  return kinds.flatMap((wanted) => found.filter(({ kind }) => kind === wanted))[0] ?? { kind: 'none' };
}

async function readOne(directory: string, statePath: string | undefined, uptimeSeconds: number): Promise<FoundStatus> {
  const path = join(directory, STATUS_FILE_NAME);
  const file = await readPublishedFile(path, statePath);
  if (file.kind === 'none') return file;
  if (file.kind !== 'text') return { ...file, path };
  const published = parse(file.text);
  if (published === undefined) return { kind: 'none' };
  // Written at a later uptime than now: before the device was restarted, if the kernel does not report it.
  const isOfThisBoot = published.writtenAtUptimeSeconds <= uptimeSeconds && isSameBoot(published.deviceBootId);
  const isInTime = isOfThisBoot && uptimeSeconds <= published.healthyUntilUptimeSeconds;
  const isLive = isInTime && (published.pidNamespace !== pidNamespace() || processRuns(published.agent.pid));
  return { kind: isLive ? 'live' : 'stale', path, published };
}

function isSameBoot(bootId: string | undefined): boolean {
  return bootId === undefined || [undefined, bootId].includes(deviceBootId());
}

/** As far as a reader must know the file is an agent's; the status in it is what this agent's kind writes. */
const publishedSchema = v.object({
  format: v.literal(1),
  agent: v.object({ pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), bootId: v.string(), version: v.string() }),
  pidNamespace: v.optional(v.string()),
  writtenAt: v.string(),
  writtenAtUptimeSeconds: v.number(),
  deviceBootId: v.optional(v.string()),
  healthyUntilUptimeSeconds: v.number(),
  status: v.looseObject({
    runtime: v.looseObject({}),
    supervisor: v.looseObject({ state: v.string() }),
    cloudly: v.looseObject({ state: v.string() }),
    configuration: v.looseObject({}),
  }),
  nextRequest: v.optional(
    v.looseObject({ call: v.picklist(['register', 'heartbeat']), request: v.looseObject({ nodeId: v.string() }) }),
  ),
});

function parse(text: string): PublishedStatus | undefined {
  try {
    const parsed = v.safeParse(publishedSchema, JSON.parse(text));
    return parsed.success ? (parsed.output as unknown as PublishedStatus) : undefined;
  } catch {
    return undefined;
  }
}
