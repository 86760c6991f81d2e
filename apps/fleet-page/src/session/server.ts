import { signal } from '@preact/signals';
import { createFleetClient, type Me } from '@serve.zone/baseos-fleet-api';

/** What stands in front of the page's paths, as the address of this script says: `<prefix>/assets/<name>.js`. */
export const prefix = new URL('..', import.meta.url).pathname.replace(/\/$/, '');

export const baseUrl = `${location.origin}${prefix}`;

/** Who is signed in: `undefined` until that is known, and `null` for nobody. */
export const me = signal<Me | null | undefined>(undefined);

/** The operators' API, with the cookie of the session. */
export const server = createFleetClient({
  url: baseUrl,
  async fetch(url, init) {
    const response = await fetch(url, init);
    // A session that has ended ends the page of it, whatever was asked for.
    if (response.status === 401) me.value = null;
    return response;
  },
});
