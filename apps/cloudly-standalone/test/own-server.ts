import { scryptSync } from 'node:crypto';
import { request } from 'node:http';
import { createAccountAdministration } from '../src/accounts/create-operators.js';
import { createPasswords, type Derive } from '../src/accounts/passwords/passwords.js';
import type { StandaloneCloudlyOptions } from '../src/service/start-standalone-cloudly.js';
import { startServer } from './start-server.js';

export const PASSWORD = 'correct horse battery';

export interface Sent {
  method?: string;
  path: string;
  /** @default that of the server */
  host?: string | undefined;
  origin?: string | undefined;
  cookie?: string | undefined;
  token?: string | undefined;
  /** As a trusted proxy says it. */
  from?: string;
  body?: unknown;
}

export interface Received {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  cookie: string | undefined;
  body: Record<string, unknown>;
}

export const DAY_MS = 24 * 3_600_000;

/** A server with accounts, on a clock of the test, that hashes passwords cheaply and counts how often. */
export async function startOwnServer(options: Partial<StandaloneCloudlyOptions> = {}) {
  const clock = { nowMs: Date.UTC(2026, 11, 1) };
  const work = { count: 0 };
  const derive: Derive = async (password, salt, { costLog2, blockSize, parallelization }) => {
    work.count += 1;
    return scryptSync(password, salt, 32, { N: 2 ** costLog2, r: blockSize, p: parallelization });
  };
  const passwords = createPasswords({ cost: { costLog2: 1, blockSize: 1, parallelization: 1 }, derive });
  const server = await startServer({ passwords, now: () => clock.nowMs, ...options });
  const { apiUrl: url, store } = server;
  const root = { actor: 'cli:root', role: 'admin' } as const;
  const admin = createAccountAdministration({ store: store.accounts, now: () => clock.nowMs, publicUrl: () => url });
  const base = options.publicUrl ?? url;

  const send = (sent: Sent) => sendTo(url, { host: new URL(base).host, ...sent });
  /** Of a page of the server. */
  const post = (path: string, body: unknown, sent: Partial<Sent> = {}) =>
    send({ method: 'POST', path, body, origin: new URL(base).origin, ...sent });
  const invite = async (name: string, role: 'view' | 'operate' | 'admin', scope?: string) => {
    const { link } = await admin.invite(root, { name, role, ...(scope !== undefined && { scope }) });
    return secretOf(link);
  };

  return {
    ...server,
    clock,
    work,
    admin,
    root,
    send,
    post,
    invite,
    /** An operator with this name and {@link PASSWORD}; resolves with the cookie of a session. */
    join: async (name: string, role: 'view' | 'operate' | 'admin' = 'admin', scope?: string): Promise<string> => {
      const invitation = await invite(name, role, scope);
      return String((await post('/invitations/accept', { invitation, password: PASSWORD })).cookie);
    },
    signIn: (name: string, password = PASSWORD, sent: Partial<Sent> = {}) => post('/session', { name, password }, sent),
    /** The status of reading who calls. */
    me: async (sent: Partial<Sent>) => (await send({ path: '/me', ...sent })).status,
    /** What was told of some kinds, the oldest first. */
    told: async (...kinds: string[]) => {
      const events = await store.as({ actor: 'system', nowMs: clock.nowMs }).listEvents({ after: 0, limit: 1000 });
      return events
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ actor, kind, details }) => ({ actor, kind, details }));
    },
  };
}

export function secretOf(link: string): string {
  return link.split('#')[1] ?? '';
}

/** A request as anybody can send it, whatever a browser would say of itself. */
function sendTo(
  url: string,
  { method = 'GET', path, host, origin, cookie, token, from, body }: Sent,
): Promise<Received> {
  const headers = {
    host,
    origin,
    cookie,
    authorization: token === undefined ? undefined : `Bearer ${token}`,
    'x-forwarded-for': from,
    'content-type': body === undefined ? undefined : 'application/json',
  };
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const setHost = host !== undefined;
    const outgoing = request(`${url}/api/v1${path}`, { method, headers: given, setHost, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (part: string) => (text += part));
      incoming.on('end', () => {
        const { statusCode: status = 0, headers: received } = incoming;
        const cookies = received['set-cookie']?.[0]?.split(';')[0];
        resolve({ status, headers: received, cookie: cookies, body: parse(text) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parse(text: string): Record<string, unknown> {
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
