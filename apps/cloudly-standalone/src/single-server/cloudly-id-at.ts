import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { json } from 'node:stream/consumers';

/**
 * Which Cloudly answers at an address of this machine.
 *
 * @returns `undefined` if none does within that time.
 */
export async function cloudlyIdAt(url: string, timeoutMs: number): Promise<unknown> {
  try {
    const health = (await readJson(new URL('/healthz', url), timeoutMs)) as { cloudlyId?: unknown } | null;
    return health?.cloudlyId;
  } catch {
    return undefined;
  }
}

function readJson(url: URL, timeoutMs: number): Promise<unknown> {
  const get = url.protocol === 'https:' ? getSecure : getPlain;
  // The certificate is for the name that devices use, not for this one. Nothing secret is sent.
  const options = { agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(timeoutMs) } as const;
  return new Promise((resolve, reject) => {
    get(url, options, (response) => resolve(json(response))).on('error', reject);
  });
}
