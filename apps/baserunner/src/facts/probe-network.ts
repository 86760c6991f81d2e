import type { Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import { CloudlyConnector, type FetchLike, type PresenceOutcome } from '@serve.zone/baseos-cloudly-connector';
import type { RunnerConfig } from '@serve.zone/baseos-runner-core';
import { createCloudlyTransport } from '../transport/create-transport.js';
import type { PeerCertificate } from '../transport/explain-certificate.js';
import { trusting } from '../transport/node-http-fetch.js';
import { lookUp } from '../transport/open-connection.js';
import { hostOf, type Party, portOf } from '../transport/party.js';
import { openTunnel, parseProxy } from '../transport/proxy-tunnel.js';
import { handshakeFailure, shownCertificate, startTls } from '../transport/secure-connection.js';
import { attempt, type Attempt, worked } from './attempt.js';
import { type AddressProbe, probeAddresses } from './probe-addresses.js';
import { type Probed, within } from './within.js';

export interface TlsFacts {
  /** Why the certificate is not trusted; absent if it is. */
  refusal?: string | undefined;
  protocol: string;
  certificate: PeerCertificate | undefined;
}

export interface HandshakeProbe {
  /** Absent with a proxy, which chooses the address. */
  address: string | undefined;
  tls: Probed<Attempt<TlsFacts>>;
}

/** An answer of Cloudly and its time by the device's clock, to measure the clock's error. */
export interface PresenceFacts {
  outcome: PresenceOutcome;
  /** Halfway between request and response. */
  wallMs: number;
}

/** How far a connection to Cloudly gets: each step is present only if the one before it succeeded. */
export interface NetworkFacts {
  url: URL;
  /** The proxy, without credentials. If there is one, lookup and connection are those of the proxy. */
  proxyAddress: string | undefined;
  /** The host of the first connection. */
  host: string;
  port: number;
  /** Absent if the URL has an IP address. */
  lookup?: Probed<Attempt<string[]>> | undefined;
  /** Each address of the host; absent if the lookup failed. */
  connections?: readonly AddressProbe[] | undefined;
  /** With each address that accepts connections, or once through the proxy. Absent with plain http. */
  handshakes?: readonly HandshakeProbe[] | undefined;
  presence?: Probed<PresenceFacts> | undefined;
}

export interface NetworkParts {
  config: RunnerConfig & { cloudlyUrl: URL };
  /** @default the system's */
  lookup?: ((host: string) => Promise<string[]>) | undefined;
  /** @default the agent's own, with its proxy and authorities */
  fetch?: FetchLike | undefined;
}

/** For each step; all together take at most `totalMs`. The first step that hangs is the last one tried. */
const limitsMs = { lookup: 3000, connections: 7000, tls: 7000, presence: 12_000 };
const totalMs = 14_000;

/** Connects to Cloudly step by step, as far as possible. It sends no secret and changes nothing. */
export async function probeNetwork({ config, lookup = lookUp, fetch }: NetworkParts): Promise<NetworkFacts> {
  const endMs = performance.now() + totalMs;
  const atMost = (limitMs: number): number => Math.round(Math.max(1, Math.min(limitMs, endMs - performance.now())));
  const { cloudlyUrl: url, cloudlyProxy } = config;
  const proxy = cloudlyProxy && parseProxy(cloudlyProxy.url.reveal());
  const first = proxy?.url ?? url;
  const host = hostOf(first);
  const port = portOf(first);
  const facts: NetworkFacts = { url, proxyAddress: proxy?.address, host, port };

  let addresses = [host];
  if (process.getBuiltinModule('node:net').isIP(host) === 0) {
    facts.lookup = await within(limitsMs.lookup, async () => attempt(async () => lookup(host)));
    if (!worked(facts.lookup)) return facts;
    addresses = facts.lookup.value.value;
  }
  // In parallel with the other steps, because a slow link has no time for a sequence. It trusts only what the agent trusts.
  const asking = new AbortController();
  const presence = within(atMost(limitsMs.presence), async (signal) =>
    ask(config, fetch, AbortSignal.any([signal, asking.signal])),
  );
  facts.connections = await probeAddresses(addresses, port, atMost(limitsMs.connections));
  const open = facts.connections.flatMap(({ address, connection }) =>
    worked(connection) ? [{ address, socket: connection.value.value }] : [],
  );
  if (open.length > 0 && url.protocol === 'https:') {
    const secureContext = trusting(config.certificateAuthorities);
    const party: Party = { url, variable: 'BASEOS_CLOUDLY_URL' };
    const shakeHands = async (address: string | undefined, connect: (signal: AbortSignal) => Promise<Socket>) => ({
      address,
      tls: await within(atMost(limitsMs.tls), async (signal) =>
        attempt(async () => probeTls(await connect(signal), party, secureContext, signal)),
      ),
    });
    facts.handshakes = await Promise.all(
      proxy
        ? [shakeHands(undefined, async (signal) => openTunnel(proxy, url, { signal, secureContext }))]
        : open.map(async ({ address, socket }) => shakeHands(address, async () => Promise.resolve(socket))),
    );
  }
  for (const { socket } of open) socket.destroy();
  const isTrusted = facts.handshakes?.some(({ tls }) => worked(tls) && tls.value.value.refusal === undefined) ?? true;
  const leadsThere = open.length > 0 && isTrusted;
  if (!leadsThere) asking.abort();
  const answered = await presence;
  return leadsThere ? { ...facts, presence: answered } : facts;
}

/** Accepts any certificate, because it is only shown; nothing is sent over the connection. */
function probeTls(
  connection: Socket,
  party: Party,
  secureContext: SecureContext | undefined,
  signal: AbortSignal,
): Promise<TlsFacts> {
  const socket = startTls(connection, party, { secureContext }, false);
  return new Promise<TlsFacts>((resolve, reject) => {
    const fail = (error?: Error): void => reject(handshakeFailure(error, party, undefined));
    socket.once('secureConnect', () => resolve(readTls(socket)));
    socket.once('error', fail);
    socket.once('close', () => fail());
    signal.addEventListener('abort', () => socket.destroy(), { once: true });
  }).finally(() => {
    socket.destroy();
    connection.destroy();
  });
}

function readTls(socket: TLSSocket): TlsFacts {
  const { authorized, authorizationError } = socket;
  const refusal = authorized
    ? undefined
    : String((authorizationError as { code?: string } | null)?.code ?? authorizationError);
  return { refusal, protocol: socket.getProtocol() ?? 'unknown', certificate: shownCertificate(socket) };
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
