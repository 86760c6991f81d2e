import type { NodeFacts, RunnerConfig, RunnerStatus } from '@serve.zone/baseos-runner-core';
import type { UpdateLockFacts } from '../facts/probe-update-lock.js';
import type { SupervisorFacts } from '../supervisor/supervisor-facts.js';
import { fail, type Judgement, pass, skip, warn } from './finding.js';

/** What tells whether the lock is that of the gate. */
export interface GateFacts {
  config: Pick<RunnerConfig, 'updates' | 'cloudlyUrl'>;
  /** Absent where the disk did not answer. */
  published: NodeFacts['published'] | undefined;
  supervisor: Pick<SupervisorFacts, 'version'> | undefined;
}

export function judgeUpdateLock(
  facts: UpdateLockFacts | undefined,
  { config, published, supervisor }: GateFacts,
): Judgement {
  const updates = published?.kind === 'live' ? published.published.status.updates : undefined;
  if (updates?.gate !== undefined) return judgeGate(updates, facts, supervisor);
  if (!facts) return skip('Skipped: balenaOS mounts no folder for update locks in this container.');
  const { path, heldSince } = facts;
  if (heldSince === undefined) return pass('This service holds no update lock.', { path });
  if (facts.isOfSupervisor) {
    const message = `The Supervisor has held the update lock since ${heldSince}`;
    return pass(`${message}, as it does while it replaces the service (${path}).`, { path, heldSince });
  }
  const held = `This service has held an update lock since ${heldSince} (${path}): the Supervisor does not update the app.`;
  if (config.updates === 'gated' && config.cloudlyUrl !== undefined && published?.kind !== 'live') {
    return warn(`${held} It is that of the gate, and no agent runs that could open it.`, 'Start the agent.', {
      path,
      heldSince,
    });
  }
  return warn(
    held,
    'If the lock is no longer needed, remove the file, or override it with baserunner request-update --force.',
    { path, heldSince },
  );
}

function judgeGate(
  { gate, staged, reason = '' }: NonNullable<RunnerStatus['updates']>,
  lock: UpdateLockFacts | undefined,
  supervisor: GateFacts['supervisor'],
): Judgement {
  const facts = { gate, staged, path: lock?.path, heldSince: lock?.heldSince };
  const message = `The gate is ${gate}. ${reason}`.trim();
  if (gate === 'unavailable') return fail(message, gateRemedy, facts);
  if (gate !== 'closed') return warn(message, 'Wait until the gate has closed again.', facts);
  if (lock?.heldSince === undefined) {
    return warn(
      `${message} But there is no lock file at ${lock?.path ?? 'the usual places'}.`,
      'Run doctor again in a few seconds. If the problem persists, restart the agent.',
      facts,
    );
  }
  return pass(`${message} ${leaks(versionOf(supervisor))}`, facts);
}

const gateRemedy =
  'Let the agent write to the folder of its update lock, as docs/gate.md describes. Until then releases are installed as they come.';

/** What no lock holds back. */
function leaks(version: string | undefined): string {
  const [major = Number.POSITIVE_INFINITY, minor = 0] = version?.split('.').map(Number) ?? [];
  const startsNew = major < 16 || (major === 16 && minor < 2);
  return [
    'It does not hold back services with the update strategy hand-over, changes of config.txt (only their reboot), and updates of the host OS.',
    ...(startsNew ? [`Supervisor ${version} also starts services that are new in a release.`] : []),
  ].join(' ');
}

function versionOf(supervisor: GateFacts['supervisor']): string | undefined {
  return supervisor?.version.ok ? supervisor.version.value : undefined;
}
