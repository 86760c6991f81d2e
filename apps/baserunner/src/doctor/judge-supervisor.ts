import { type SupervisorProblem, labelRemedy } from '@serve.zone/baseos-runner-core';
import type { SupervisorFacts } from '../supervisor/supervisor-facts.js';
import { fail, type Judgement, pass, skip, warn } from './finding.js';

/** @param isOnBalena whether balenaOS started this container, as its variables tell */
export function judgeSupervisorAddress(facts: SupervisorFacts | undefined, isOnBalena: boolean): Judgement {
  if (facts) {
    const { ping, address } = facts;
    return ping.ok ? pass(`The Supervisor at ${address} answers.`, { address }) : failed(ping.error);
  }
  return isOnBalena
    ? fail(
        'BALENA_SUPERVISOR_ADDRESS is not set: the service lacks the label io.balena.features.supervisor-api.',
        labelRemedy,
      )
    : skip('This is not a balenaOS device (no BALENA_* variables). The agent runs without a Supervisor.');
}

export function judgeSupervisorKey(facts: SupervisorFacts | undefined): Judgement {
  if (!facts?.ping.ok) return skip(notAsked(facts));
  const { device } = facts;
  if (device.ok) return pass('The Supervisor accepted BALENA_SUPERVISOR_API_KEY.');
  return isAboutKey(device.error)
    ? failed(device.error)
    : warn(`It is not known whether the key is valid: ${device.error.message}`, device.error.remedy);
}

/** Whether the Supervisor is new enough for what the agent reports. */
export function judgeSupervisorVersion(facts: SupervisorFacts | undefined): Judgement {
  if (!facts?.ping.ok) return skip(notAsked(facts));
  const { version, stateStatus } = facts;
  if (!version.ok) return unread(version.error);
  const about = { version: version.value };
  if (stateStatus.ok || stateStatus.error.code !== 'not-supported') return pass(`Supervisor ${version.value}.`, about);
  return warn(
    `Supervisor ${version.value} does not report the state of its services. Heartbeats are sent without it.`,
    stateStatus.error.remedy,
    about,
  );
}

export function judgeSupervisorApps(facts: SupervisorFacts | undefined): Judgement {
  if (!facts?.ping.ok) return skip(notAsked(facts));
  const { apps } = facts;
  if (!apps.ok) return unread(apps.error);
  const services = apps.value.reduce((count, app) => count + app.services.length, 0);
  return pass(`The Supervisor reports ${counted(apps.value.length, 'app')} with ${counted(services, 'service')}.`, {
    apps: apps.value.length,
    services,
  });
}

const keyCodes: ReadonlySet<string> = new Set(['api-key-missing', 'api-key-invalid', 'unauthorized', 'out-of-scope']);

function isAboutKey({ code }: SupervisorProblem): boolean {
  return keyCodes.has(code);
}

/** A missing or wrong key is reported by its own check. */
function unread(error: SupervisorProblem): Judgement {
  return isAboutKey(error) ? skip('Skipped: the key is missing or not valid.') : failed(error);
}

function failed({ message, remedy, code }: SupervisorProblem): Judgement {
  return fail(message, remedy, { code });
}

function notAsked(facts: SupervisorFacts | undefined): string {
  return facts ? 'Skipped: the Supervisor does not answer.' : 'Skipped: there is no Supervisor.';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
