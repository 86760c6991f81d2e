import type { IncomingMessage } from 'node:http';
import {
  type HandlerEvent,
  type CloudlyHandlersOptions,
  createCloudlyHandlers,
  createFleet,
  createRolloutRunner,
  type SeenRequest,
  type StoreWithAccounts,
  type WebhookServices,
} from '@serve.zone/baseos-cloudly-handlers';
import { createWebhookRunner } from '@serve.zone/baseos-cloudly-handlers/webhooks';
import { createMetrics, type Metrics } from '../metrics/create-metrics.js';
import { measureStore } from '../metrics/measure-store.js';
import { clientAddressOf } from '../address/client-address.js';
import { isEveryAddress } from '../address/host-reach.js';
import { createApp } from './create-app.js';
import { createOwnApi, type OwnApi, type OwnApiOptions } from './own-api.js';
import { createMetricsApp } from './create-metrics-app.js';
import { type HttpServer, type HttpServerOptions, startHttpServer } from '../http/http-server.js';
import { plainAddress } from '../address/plain-address.js';
import type { ProbesOptions } from './probes.js';
import { createNodeOutcomes } from './node-outcomes.js';
import { createReadiness } from './readiness.js';
import type { Refusal } from '../http/refusals.js';
import type { TlsCredentials } from '../tls/tls-credentials.js';
import type { Eviction } from '../http/track-connections.js';
import { trustedProxies } from '../address/trusted-proxies.js';

type HandlersOption =
  | 'heartbeatIntervalMs'
  | 'heartbeatsPerSecondMax'
  | 'rotateNodeTokenAfterMs'
  | 'legacyNodes'
  | 'wakeWaitMs'
  | 'wakeConnectionsMax'
  | 'alertGroupLabel'
  | 'now';

export interface ServeFleetOptions extends Pick<CloudlyHandlersOptions, HandlersOption>, OwnApiOptions {
  /** @default '127.0.0.1' */
  host?: string | undefined;
  /** @default 0, any free one */
  port?: number | undefined;
  /**
   * The port of the operators' API, at the same address.
   *
   * @default the same port
   */
  apiPort?: number | undefined;
  /** @default none, so plain HTTP */
  tls?: TlsCredentials | undefined;
  /**
   * Addresses, and networks such as `10.0.0.0/8`, of proxies whose `X-Forwarded-For` names the client of a request.
   *
   * @default none: the other end of the connection is the client
   */
  trustedProxies?: readonly string[] | undefined;
  /** The maximum number of connections: one more replaces the slowest. @default 10000 */
  connectionsMax?: number | undefined;
  /** How many of them one address may have, unless it is a trusted proxy. @default a tenth */
  connectionsPerAddressMax?: number | undefined;
  /**
   * Where `/metrics` is, on a port of its own.
   *
   * @default nowhere
   */
  metrics?: MetricsListenerOptions | undefined;
  /** What sends webhooks. @default none are sent */
  webhooks?: WebhookServices | undefined;
  /** Called for each event, but not for requests that are rejected while the server closes. */
  onHandled?: ((event: HandlerEvent) => void) | undefined;
  /** Called for each connection that was closed in favour of another one. */
  onEviction?: ((eviction: Eviction) => void) | undefined;
  /** Called for each request and connection that was rejected before the handlers saw it. */
  onRefusal?: ((refusal: Refusal) => void) | undefined;
  /** Called with the reason why a request was answered with 503, or a connection not at all. */
  onError?: ((error: unknown) => void) | undefined;
}

export interface MetricsListenerOptions {
  /** @default '127.0.0.1' */
  host?: string | undefined;
  /** @default 0, any free one */
  port?: number | undefined;
  /**
   * Also memory, CPU and garbage collection: for only one server in a process, because the counting does not end with
   * the server.
   *
   * @default false
   */
  withProcess?: boolean | undefined;
}

export interface FleetService {
  /** For `BASEOS_CLOUDLY_URL`, such as `http://127.0.0.1:8437`. */
  url: string;
  /** Of the operators' API, in front of `/api/v1`. */
  apiUrl: string;
  hasOperators: OwnApi['hasOperators'];
  inviteFirst: OwnApi['inviteFirst'];
  /** Absent without `metrics`. */
  metricsUrl?: string;
  /** For TLS connections from now on. */
  replaceCredentials: (tls: TlsCredentials) => void;
  /** Rejects new requests, answers those in flight, and frees the ports; then the store can be closed. */
  close: () => Promise<void>;
}

/**
 * Answers the nodes of a fleet on a socket, and its operators.
 *
 * @throws Node's error if an address is not available; `TypeError` for an option out of its bounds.
 */
export async function serveFleet(
  store: StoreWithAccounts,
  cloudlyId: string,
  options: ServeFleetOptions,
): Promise<FleetService> {
  const { onHandled, onError, now } = options;
  const proxies = trustedProxies(options.trustedProxies ?? []);
  const clientAddress = (request: SeenRequest, info: unknown): string | undefined =>
    clientAddressOf(request, info as IncomingMessage, proxies);
  const servers: HttpServer[] = [];
  const outcomes = createNodeOutcomes();
  let isClosing = false;
  const metrics =
    options.metrics &&
    createMetrics({
      countStates: async () => (await createFleet({ store }).summary(system)).states,
      countAlerts: () => createFleet({ store }).countAlerts(system),
      withProcess: options.metrics.withProcess,
      connectionCount: () => servers[0]?.connectionCount() ?? 0,
      waitingCount: () => handlers.countWaiting(),
    });
  const fail = (error: unknown): void => {
    metrics?.countError();
    onError?.(error);
  };
  const handlers = createCloudlyHandlers({
    ...options,
    store: metrics ? measureStore(store, metrics.observeOperation) : store,
    cloudlyId,
    clientAddress,
    onHandled: (event) => {
      metrics?.countEvent(event);
      outcomes.count(event);
      // A request that the shutdown cuts off looks like a mistake of the node, but is not.
      if (!isClosing || event.kind !== 'request-refused') onHandled?.(event);
    },
    onError: fail,
  });
  const readiness = createReadiness({ store, isDraining: () => isClosing, outcomes, onError: fail, now });
  const probes = { cloudlyId, readiness };
  const refuse = (refusal: Refusal): void => {
    metrics?.countRefusal(refusal.reason, refusal.status);
    // A connection that the shutdown cuts off is no mistake of the client.
    if (!isClosing) options.onRefusal?.(refusal);
  };
  const api = createOwnApi(
    {
      store,
      clientAddress,
      isTls: options.tls !== undefined,
      localUrl: () => callableUrl((apiServer ?? servers[0])?.url ?? ''),
      onError: fail,
      webhooks: options.webhooks,
    },
    options,
  );
  const webhookRunner = options.webhooks && createWebhookRunner({ store, ...options.webhooks, now, onError: fail });
  let apiServer: HttpServer | undefined;
  const runUpkeep = (): void => {
    handlers.runUpkeep();
    api.runUpkeep();
  };
  const upkeep = setInterval(runUpkeep, UPKEEP_EVERY_MS).unref();
  const rollouts = createRolloutRunner({ store, now, onError: fail });
  const close = async (): Promise<void> => {
    isClosing = true;
    clearInterval(upkeep);
    const [server, ...others] = servers;
    const ends = [handlers.drain(), api.end(), rollouts.end(), webhookRunner?.drain()];
    await Promise.all([...ends, server?.close(), apiServer?.close()]);
    await Promise.all(others.map((other) => other.close()));
  };
  const listen = (app: Pick<HttpServerOptions, 'fetch' | 'answerDirectly'>, port = 0): Promise<HttpServer> =>
    startHttpServer({
      ...options,
      ...app,
      host: options.host ?? localhost,
      port,
      keepAliveMs: options.trustedProxies?.length ? KEEP_ALIVE_BEHIND_PROXY_MS : undefined,
      isShared: (address) => proxies.has(plainAddress(address) ?? ''),
      onEviction: (eviction) => {
        metrics?.countEviction(eviction.full);
        options.onEviction?.(eviction);
      },
      onRefusal: refuse,
      onError: fail,
    });
  try {
    const hasOwnPort = options.apiPort !== undefined;
    const server = await listen(createApp({ ...probes, handlers, metrics, ...(!hasOwnPort && { api }) }), options.port);
    servers.push(server);
    if (hasOwnPort) apiServer = await listen({ fetch: api.fetch }, options.apiPort);
    const metricsServer =
      metrics && (await serveMetrics(metrics, probes, options.metrics ?? {}, { onError: fail, onRefusal: refuse }));
    if (metricsServer) servers.push(metricsServer);
    return {
      url: server.url,
      apiUrl: (apiServer ?? server).url,
      hasOperators: api.hasOperators,
      inviteFirst: api.inviteFirst,
      ...(metricsServer && { metricsUrl: `${metricsServer.url}/metrics` }),
      replaceCredentials(tls) {
        for (const each of [server, apiServer]) each?.replaceCredentials(tls);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Most proxies keep connections open for 60 seconds. The proxy must be the first to close: a request that it sends
 * while this side closes is lost, and its client gets a 502.
 */
const KEEP_ALIVE_BEHIND_PROXY_MS = 75_000;

/** Requests begin what is due, too; a fleet that is offline sends none. */
const UPKEEP_EVERY_MS = 5000;

const system = { actor: 'system', role: 'view' } as const;

const localhost = '127.0.0.1';

/** A server that listens on every address can be called on this machine. */
function callableUrl(text: string): string {
  const url = new URL(text);
  if (isEveryAddress(url.hostname)) url.hostname = localhost;
  return url.origin;
}

/** The monitoring port closes last; it has few clients. */
const watching = { connectionsMax: 100, drainMs: 500 };

function serveMetrics(
  metrics: Metrics,
  probes: ProbesOptions,
  { host = localhost, port = 0 }: MetricsListenerOptions,
  listeners: Pick<HttpServerOptions, 'onError' | 'onRefusal'>,
): Promise<HttpServer> {
  return startHttpServer({ fetch: createMetricsApp({ ...probes, metrics }), host, port, ...listeners, ...watching });
}
