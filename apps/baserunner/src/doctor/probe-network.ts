import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { CloudlyConnector, type FetchLike, type PresenceOutcome } from '@serve.zone/baseos-cloudly-connector';
import type { RunnerConfig } from '@serve.zone/baseos-runner-core';
import { createCloudlyTransport } from '../create-transport.js';
import type { PeerCertificate } from '../explain-tls-failure.js';
import { trusting } from '../node-http-fetch.js';
import { hostOf, openTunnel, parseProxy, portOf, type Proxy } from '../proxy-tunnel.js';
import { type Probed, within } from './within.js';

/** A system call of the network that worked, or the code of its error. */
export type Attempt<Value> =
  | { ok: true; value: Value; durationMs: number }
  | { ok: false; code: string; message: string };

export interface TlsFacts {
  /** Why the certificate is not trusted; absent where it is. */
  refusal?: string | undefined;
  protocol: string;
  certificate: PeerCertificate | undefined;
}

/** When an answer came, by the device's clock, to tell how far that is off. */
export interface PresenceFacts {
  outcome: PresenceOutcome;
  /** In the middle between question and answer. */
  wallMs: number;
}

/** How far the way to Cloudly was gone: each step is tried only after the one before it had worked. */
export interface NetworkFacts {
  url: URL;
  /** The proxy on the way, as it may be shown: then look-up and connection are those of the proxy. */
  proxyAddress: string | undefined;
  /** Where the first connection leads to. */
  host: string;
  port: number;
  /** Absent where an address is given. */
  lookup?: Probed<Attempt<string[]>> | undefined;
  /** The address that took the connection. */
  connection?: Probed<Attempt<string>> | undefined;
  /** Absent with plain http. */
  tls?: Probed<Attempt<TlsFacts>> | undefined;
  presence?: Probed<PresenceFacts> | undefined;
}

export interface NetworkParts {
  config: RunnerConfig & { cloudlyUrl: URL };
  /** @default the system's */
  lookup?: ((host: string) => Promise<string[]>) | undefined;
  /** @default the agent's own, with its proxy and authorities */
  fetch?: FetchLike | undefined;
}

/** At most; together below the time that the whole command may take. */
const limitsMs = { lookup: 3000, connection: 3000, tls: 3000, presence: 5000 };

/** Goes the way to Cloudly step by step, as far as it leads. It sends no secret, and what it asks changes nothing. */
export async function probeNetwork({ config, lookup = lookUp, fetch }: NetworkParts): Promise<NetworkFacts> {
  const { cloudlyUrl: url, cloudlyProxy } = config;
  const proxy = cloudlyProxy && parseProxy(cloudlyProxy.url.reveal());
  const first = proxy?.url ?? url;
  const host = hostOf(first);
  const facts: NetworkFacts = { url, proxyAddress: proxy?.address, host, port: portOf(first) };

  if (process.getBuiltinModule('node:net').isIP(host) === 0) {
    facts.lookup = await within(limitsMs.lookup, async () => attempt(async () => lookup(host)));
    if (!worked(facts.lookup)) return facts;
  }
  facts.connection = await within(limitsMs.connection, async (signal) => attempt(async () => connect(facts, signal)));
  if (!worked(facts.connection)) return facts;
  if (url.protocol === 'https:') {
    facts.tls = await within(limitsMs.tls, async (signal) =>
      attempt(async () => shakeHands({ url, proxy, authorities: config.certificateAuthorities, signal })),
    );
    if (!worked(facts.tls) || facts.tls.value.value.refusal !== undefined) return facts;
  }
  facts.presence = await within(limitsMs.presence, async (signal) => ask(config, fetch, signal));
  return facts;
}

export const worked = <Value>(
  probed: Probed<Attempt<Value>> | undefined,
): probed is { kind: 'done'; value: { ok: true; value: Value; durationMs: number } } =>
  probed?.kind === 'done' && probed.value.ok;

async function attempt<Value>(call: () => Promise<Value>): Promise<Attempt<Value>> {
  const startedMs = performance.now();
  try {
    const value = await call();
    return { ok: true, value, durationMs: Math.round(performance.now() - startedMs) };
  } catch (error) {
    return { ok: false, code: codeOf(error), message: error instanceof Error ? error.message : '' };
  }
}

/** Of several addresses that were tried, the first one's. */
function codeOf(error: unknown): string {
  const { code, errors } = error as NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] };
  return code ?? errors?.[0]?.code ?? 'unknown';
}

async function lookUp(host: string): Promise<string[]> {
  const found = await process.getBuiltinModule('node:dns').promises.lookup(host, { all: true });
  return found.map(({ address }) => address);
}

function connect({ host, port }: NetworkFacts, signal: AbortSignal): Promise<string> {
  const socket = process.getBuiltinModule('node:net').connect({ host, port });
  return settled(socket, 'connect', signal, () => socket.remoteAddress ?? host);
}

interface Handshake {
  url: URL;
  proxy: Proxy | undefined;
  authorities: readonly string[] | undefined;
  signal: AbortSignal;
}

/** Takes whatever certificate comes, since it is to be shown; nothing is sent over the connection. */
async function shakeHands({ url, proxy, authorities, signal }: Handshake): Promise<TlsFacts> {
  const host = hostOf(url);
  const servername = process.getBuiltinModule('node:net').isIP(host) === 0 ? host : '';
  const secureContext = trusting(authorities);
  const tunnel = proxy && (await openTunnel(proxy, url, { signal, secureContext }));
  const socket = process.getBuiltinModule('node:tls').connect({
    ...(tunnel ? { socket: tunnel } : { port: portOf(url) }),
    host,
    servername,
    rejectUnauthorized: false,
    ...(secureContext && { secureContext }),
  });
  return settled(socket, 'secureConnect', signal, () => readTls(socket));
}

function readTls(socket: TLSSocket): TlsFacts {
  const { authorized, authorizationError } = socket;
  const shown = socket.getPeerCertificate(true);
  const refusal = authorized
    ? undefined
    : String((authorizationError as { code?: string } | null)?.code ?? authorizationError);
  return {
    refusal,
    protocol: socket.getProtocol() ?? 'unknown',
    certificate: Object.keys(shown).length > 0 ? shown : undefined,
  };
}

/** Reads once the event has come, and closes the socket in any case. */
function settled<Value>(socket: Socket, event: string, signal: AbortSignal, read: () => Value): Promise<Value> {
  return new Promise<Value>((resolve, reject) => {
    socket.once(event, () => resolve(read()));
    socket.on('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' })));
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  }).finally(() => socket.destroy());
}

async function ask(
  config: NetworkParts['config'],
  fetch: FetchLike | undefined,
  signal: AbortSignal,
): Promise<PresenceFacts> {
  const transport = fetch ? { fetch, close: () => undefined } : createCloudlyTransport(config);
  try {
    const connector = new CloudlyConnector({ cloudlyUrl: config.cloudlyUrl, fetch: transport.fetch });
    const askedMs = Date.now();
    const outcome = await connector.presence({ signal });
    return { outcome, wallMs: (askedMs + Date.now()) / 2 };
  } finally {
    transport.close();
  }
}
