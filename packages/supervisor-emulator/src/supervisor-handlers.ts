import { http, HttpResponse } from 'msw';
import type { HttpHandler } from 'msw';

import type { Supervisor } from './supervisor.js';

/** The options of `supervisorHandlers`. */
export interface SupervisorHandlersOptions {
  /** The address at which the app under test calls its Supervisor. @default 'http://127.0.0.1:48484' */
  address?: string;
}

/**
 * Handlers for `setupServer` or `setupWorker` of msw 3 that let an emulated Supervisor answer every request to an address.
 * If the Supervisor does not answer, as during a reboot, the request fails with a network error.
 * @throws TypeError for an address that is not an http URL.
 */
export function supervisorHandlers(
  supervisor: Pick<Supervisor, 'fetch'>,
  { address = 'http://127.0.0.1:48484' }: SupervisorHandlersOptions = {},
): HttpHandler[] {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new TypeError(`supervisorHandlers: address must be an http URL, such as "http://127.0.0.1:48484".`);
  }
  const base = address.replace(/\/+$/, '');
  return [
    http.all(`${base}/*`, async ({ request }) => {
      try {
        return await supervisor.fetch(request);
      } catch {
        return HttpResponse.error();
      }
    }),
  ];
}
