import { type DescribedError, labelRemedy } from '../supervisor/describe-supervisor-error.js';
import { fail, type Judgement, pass, skip, warn } from './finding.js';
import type { SupervisorFacts } from '../supervisor/supervisor-facts.js';

/** @param isOnBalena whether balenaOS started this container, as its variables tell */
export function judgeSupervisorAddress(facts: SupervisorFacts | undefined, isOnBalena: boolean): Judgement {
  if (!facts) {
    return isOnBalena
      ? fail(
          'BALENA_SUPERVISOR_ADDRESS is not set: the service lacks the label io.balena.features.supervisor-api.',
          labelRemedy,
        )
      : skip('There is no Supervisor here, as nothing of balenaOS is in the environment. The agent goes on without.');
  }
  const { ping, address } = facts;
  return ping.ok ? pass(`The Supervisor at ${address} answers.`, { address }) : failed(ping.error);
}

export function judgeSupervisorKey(facts: SupervisorFacts | undefined): Judgement {
  if (!facts?.ping.ok) return skip(notAsked(facts));
  const { device } = facts;
  if (device.ok) return pass('The Supervisor accepts BALENA_SUPERVISOR_API_KEY.');
  const isAboutKey = keyCodes.has(device.error.code);
  return isAboutKey
    ? failed(device.error)
    : warn(`Whether the key is good is not known: ${device.error.message}`, device.error.remedy);
}

const keyCodes: ReadonlySet<string> = new Set(['api-key-missing', 'api-key-invalid', 'unauthorized', 'out-of-scope']);

/** Whether the Supervisor is new enough for what the agent reports. */
export function judgeSupervisorVersion(facts: SupervisorFacts | undefined): Judgement {
  if (!facts?.ping.ok) return skip(notAsked(facts));
  const { version, stateStatus } = facts;
  if (!version.ok) return unread(version.error);
  const tooOld = !stateStatus.ok && stateStatus.error.code === 'not-supported';
  const about = { version: version.value };
  return tooOld
    ? warn(
        `Supervisor ${version.value} does not tell the state of its services: heartbeats go without it.`,
        stateStatus.error.remedy,
        about,
      )
    : pass(`Supervisor ${version.value}.`, about);
}

export function judgeSupervisorApps(facts: SupervisorFacts | undefined): Judgement {
  if (!facts?.ping.ok) return skip(notAsked(facts));
  const { apps } = facts;
  if (!apps.ok) return unread(apps.error);
  const services = apps.value.reduce((count, app) => count + app.services.length, 0);
  return pass(`It tells of ${counted(apps.value.length, 'app')} with ${counted(services, 'service')}.`, {
    apps: apps.value.length,
    services,
  });
}

/** A missing or wrong key has been told. */
function unread(error: DescribedError): Judgement {
  return keyCodes.has(error.code) ? skip('Not asked, since the key is not accepted.') : failed(error);
}

function failed({ message, remedy, code }: DescribedError): Judgement {
  return fail(message, remedy, { code });
}

function notAsked(facts: SupervisorFacts | undefined): string {
  return facts ? 'Not asked, since the Supervisor does not answer.' : 'There is no Supervisor to ask.';
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
