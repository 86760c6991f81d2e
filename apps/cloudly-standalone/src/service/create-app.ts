import type { CloudlyHandlers } from '@serve.zone/baseos-cloudly-handlers';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { type AnyEndpointName, type EndpointName, endpoints, wakeEndpoint } from '@serve.zone/baseos-contracts';
import type { HttpServerOptions } from '../http/http-server.js';
import type { Metrics } from '../metrics/create-metrics.js';
import type { OwnApi } from './own-api.js';
import { probes, type ProbesOptions } from './probes.js';
import { answerFrom } from './routes.js';

export interface AppOptions extends ProbesOptions {
  handlers: Pick<CloudlyHandlers, 'fetch'>;
  /** Of operators, with their page, if it has no port of its own. */
  api?: Pick<OwnApi, 'answer'> | undefined;
  metrics?: Pick<Metrics, 'observeRequest'> | undefined;
}

/** Everything that the server answers on the port for nodes. */
export function createApp({
  handlers,
  api,
  metrics,
  ...probesOptions
}: AppOptions): Pick<HttpServerOptions, 'fetch' | 'answerDirectly'> {
  const routes = probes(probesOptions);
  const listener = nodeListener(handlers.fetch);

  const observe = (endpoint: AnyEndpointName | 'other', status: number, startedAtMs: number): void => {
    // A request that waits says nothing about how fast the server is.
    if (endpoint !== 'wake') metrics?.observeRequest(endpoint, status, performance.now() - startedAtMs);
  };

  return {
    answerDirectly(incoming, outgoing) {
      const endpoint = endpointAt(incoming.url?.split('?', 1)[0] ?? '');
      if (endpoint === 'other') return undefined;
      const startedAtMs = performance.now();
      return Promise.resolve(listener(incoming, outgoing)).then(() =>
        observe(endpoint, outgoing.statusCode, startedAtMs),
      );
    },
    async fetch(request, incoming) {
      const startedAtMs = performance.now();
      const { pathname } = new URL(request.url);
      const response = await (answerFrom(routes, request) ??
        api?.answer(request, incoming) ??
        handlers.fetch(request, incoming));
      observe(endpointAt(pathname), response.status, startedAtMs);
      return response;
    },
  };
}

/** As the handlers distinguish them; all other paths share one name. */
function endpointAt(path: string): AnyEndpointName | 'other' {
  if (path.endsWith(wakeEndpoint.path)) return 'wake';
  const names = Object.keys(endpoints) as EndpointName[];
  return names.find((name) => path.endsWith(endpoints[name].path)) ?? 'other';
}
