import type { SupervisorRequest } from '../call/request.js';
import type { Model } from '../model/model.js';
import { readBody } from '../call/parse-body.js';
import type { AnswerReply } from '../call/reply.js';
import { requestUpdate } from '../transitions/update.js';
import type { UpdateRequest } from '../transitions/update.js';

/**
 * The relay's own answer on 19.x devices, without a key; undefined for a request that it passes on. Its paths are
 * exact: other paths reach the Supervisor, even if they differ only in case.
 */
export async function answeredByRelay(
  request: SupervisorRequest,
  change: (transition: (model: Model, now: number) => Model) => void,
): Promise<AnswerReply | undefined> {
  const { method, path } = request;
  if (path === '/ping') {
    if (method !== 'GET' && method !== 'HEAD') return empty(405, { Allow: 'GET,HEAD' });
    return { kind: 'answer', status: 200, headers: plainText('OK'), body: method === 'HEAD' ? '' : 'OK' };
  }
  if (path !== '/v1/update') return undefined;
  if (method !== 'POST') return empty(405, { Allow: 'POST' });
  const update = parseUpdate(await readBody(request.body));
  change((model, now) => requestUpdate(model, update, now));
  return empty(202);
}

/** The relay's answer when the Supervisor is unreachable, or goes away before it has answered. */
export function unreachableByRelay({ path, query }: SupervisorRequest): AnswerReply {
  const url = `http://127.0.0.1:48480${path}${query === '' ? '' : `?${query}`}`;
  const body = `Target connection failed: error sending request for url (${url})`;
  return { kind: 'answer', status: 502, headers: plainText(body), body };
}

// The content type is ignored. A body that is not JSON, or has values of other types, counts as none.
function parseUpdate(bytes: Uint8Array): UpdateRequest {
  const nothing = { force: false, cancel: true };
  try {
    const { force = false, cancel = false } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    return typeof force === 'boolean' && typeof cancel === 'boolean' ? { force, cancel } : nothing;
  } catch {
    return nothing;
  }
}

function empty(status: number, headers: Readonly<Record<string, string>> = {}): AnswerReply {
  return { kind: 'answer', status, headers: { ...headers, 'Content-Length': '0' }, body: '' };
}

function plainText(body: string): Record<string, string> {
  return { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': String(Buffer.byteLength(body)) };
}
