import type { ExitCode } from '@serve.zone/baseos-command-line';
import {
  configFromEnv,
  createSystemMachine,
  describeSupervisorError,
  readPublishedStatus,
  type RunnerConfig,
  type SupervisorProblem,
} from '@serve.zone/baseos-runner-core';
import type { UpdateReceipt } from '@serve.zone/balena-supervisor-client';
import type { CommandContext } from '../cli/command-context.js';
import { openSupervisor, supervisorNotConfigured } from '../supervisor/open-supervisor.js';
import { writeResult } from '../cli/write-result.js';

/** What the command prints. `requested` says that the Supervisor accepted the request, not that there is an update; `message` says what follows. */
export type UpdateReport =
  | { requested: true; force: boolean; outcome: UpdateReceipt['outcome']; message: string }
  | { requested: false; force: boolean; error: SupervisorProblem };

/** Asks the Supervisor once to look for an update. Exit code 1 if it does not answer or refuses. */
export async function requestUpdate({ env, stdout }: CommandContext, { force }: { force: boolean }): Promise<ExitCode> {
  const report = await ask(env, force);
  writeResult(stdout, report);
  return report.requested ? 0 : 1;
}

async function ask(env: CommandContext['env'], force: boolean): Promise<UpdateReport> {
  const config = configFromEnv(env);
  const supervisor = openSupervisor(config);
  if (!supervisor) return { requested: false, force, error: supervisorNotConfigured };
  try {
    // Since 17.5, a Supervisor that waits behind a lock takes no notice of force without cancel.
    const { outcome } = await supervisor.client.update({ force, cancel: force });
    const notForced = (await isGateClosed(config)) ? gated : locked;
    return { requested: true, force, outcome, message: `${outcomes[outcome]} ${force ? forced : notForced}` };
  } catch (error) {
    return { requested: false, force, error: describeSupervisorError(error) };
  } finally {
    supervisor.close();
  }
}

const outcomes: Readonly<Record<UpdateReceipt['outcome'], string>> = {
  triggered: 'The Supervisor looks for a release now and updates the apps if there is one.',
  accepted: 'The Supervisor accepted the request. It looks for a release soon, at the latest at its next poll.',
};

/** Whether a running agent holds releases back. */
async function isGateClosed({ runPath, statePath }: RunnerConfig): Promise<boolean> {
  const machine = createSystemMachine({ statePath });
  const found = await readPublishedStatus({ runPath, statePath, machine });
  return found.kind === 'live' && found.published.status.updates?.gate === 'closed';
}

const gated =
  "This device is gated: a release is downloaded now and waits for Cloudly's command update; --force overrides the gate and the locks of other services.";

const locked = 'An app that holds an update lock is updated when it releases the lock; --force does not wait for that.';

const forced = 'It overrides the update locks of the apps.';
