type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Calls a server as its own page does: with its origin, and with the cookie of the session that an answer has begun. */
export function createSessionFetch(serverUrl: string, fetch: Fetch = globalThis.fetch): Fetch {
  const { origin } = new URL(serverUrl);
  let cookie: string | undefined;
  return async (url, init) => {
    const headers = new Headers(init.headers);
    headers.set('origin', origin);
    if (cookie !== undefined) headers.set('cookie', cookie);
    const response = await fetch(url, { ...init, headers });
    const [set] = response.headers.getSetCookie();
    cookie = set?.split(';', 1)[0] ?? cookie;
    return response;
  };
}
