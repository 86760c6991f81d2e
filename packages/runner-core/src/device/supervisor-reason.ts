import { safeText } from '@serve.zone/baseos-contracts';
import { isSupervisorError, type SupervisorErrorCode } from '@serve.zone/balena-supervisor-client';
import { ReadTimeout } from './read-timeout.js';

/** Why the Supervisor could not be read, and what to look at, in the words of the device's operator. */
export function supervisorReason(error: unknown, address: string | undefined): string {
  return safeText(reasonOf(error, address), 500) ?? 'The Supervisor gave no reason.';
}

function reasonOf(error: unknown, address: string | undefined): string {
  const at = originOf(address);
  if (error instanceof ReadTimeout) return tooSlow(at, `within ${error.timeoutMs / 1000} s`);
  if (!isSupervisorError(error)) return error instanceof Error ? error.message : '';
  return wordsOf[error.code]?.(at, error.what) ?? error.message;
}

type Words = (at: string | undefined, what: string) => string;

function tooSlow(at: string | undefined, time: string): string {
  return (
    `The Supervisor${at === undefined ? '' : ` at ${at}`} did not answer ${time}. ` +
    'It or the container engine is busy or hangs: look at journalctl -u balena-supervisor on the host.'
  );
}

/** Where the client's own words are for programmers. */
const wordsOf: { readonly [Code in SupervisorErrorCode]?: Words } = {
  'api-key-missing': () =>
    'BALENA_SUPERVISOR_API_KEY is not set, so the Supervisor was not asked: the label io.balena.features.supervisor-api gives the key to a service.',
  'api-key-invalid': () =>
    'BALENA_SUPERVISOR_API_KEY cannot be sent, so the Supervisor was not asked: set it as the Supervisor gives it, without blanks or line breaks.',
  unauthorized: () =>
    'The Supervisor does not accept BALENA_SUPERVISOR_API_KEY. A container keeps the key it was created with: restart the service from the host or the dashboard, so that it is created anew with the present key.',
  timeout: (at) => tooSlow(at, 'in time'),
  unreachable: (at, what) =>
    `The Supervisor cannot be reached${at === undefined ? '' : ` at ${at}`}: ${what} ` +
    'Check on the host that it runs (systemctl status balena-supervisor), and that BALENA_SUPERVISOR_ADDRESS is the one of this device.',
};

/** Without what a URL could hold besides. */
function originOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;
}
