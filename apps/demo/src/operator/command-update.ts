import { randomBytes } from 'node:crypto';
import type { Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { type CommandRecord, queueCommand } from '@serve.zone/baseos-cloudly-handlers';
import type { StandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';

/** A demo has no minute to see whether the release keeps running. */
const SOAK_MS = 3000;

/** Offers the emulated device a new release, and has Cloudly command the update, as an operator does. Returns what to show of it. */
export async function commandUpdate({
  supervisor,
  cloudly,
  nodeId,
}: {
  supervisor: Supervisor;
  cloudly: Pick<StandaloneCloudly, 'store'>;
  nodeId: string;
}): Promise<string> {
  const commit = randomBytes(16).toString('hex');
  supervisor.releaseAvailable({ commit });
  const queued = await queueCommand(cloudly.store, nodeId, { kind: 'update', soakMs: SOAK_MS });
  if (queued.outcome !== 'queued') throw new Error(`Cloudly did not queue the update: ${queued.outcome}`);
  return (
    `\nA new release of the app is available for this device: ${commit.slice(0, 7)}. An operator commands the update:\n` +
    `    cloudly node command ${nodeId} update\n` +
    'The answer to the next heartbeat tells the node, which has the Supervisor do it and tells Cloudly how it ended.\n'
  );
}

/** How the update ended, for people. */
export function describeUpdateEnd({ result }: CommandRecord): string {
  const { outcome, error, details } = result ?? {};
  if (outcome !== 'succeeded') return `\nThe update ended: ${outcome}. ${error?.message ?? ''}`.trimEnd();
  const [before, after] = [details?.['previousCommit'], details?.['commit']].map((commit) =>
    String(commit).slice(0, 7),
  );
  return `\nThe update succeeded: the device ran release ${before} and now runs ${after}, which Cloudly knows.`;
}
