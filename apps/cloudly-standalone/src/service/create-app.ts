import type { CloudlyHandlers } from '@serve.zone/baseos-cloudly-handlers';
import { type AnyEndpointName, type EndpointName, endpoints, wakeEndpoint } from '@serve.zone/baseos-contracts';
import type { HttpServerOptions } from '../http/http-server.js';
import type { Metrics } from '../metrics/create-metrics.js';
import { probes, type ProbesOptions } from './probes.js';
import { answerFrom } from './routes.js';

export interface AppOptions extends ProbesOptions {
  handlers: Pick<CloudlyHandlers, 'fetch'>;
  metrics?: Pick<Metrics, 'observeRequest'> | undefined;
}

/** Everything that the server answers on the port for nodes. */
export function createApp({ handlers, metrics, ...probesOptions }: AppOptions): HttpServerOptions['fetch'] {
  const routes = probes(probesOptions);
  return async (request, incoming) => {
    const startedAtMs = performance.now();
    const response = await (answerFrom(routes, request) ?? handlers.fetch(request, incoming));
    const endpoint = endpointAt(request.url);
    // A request that waits says nothing about how fast the server is.
    if (endpoint !== 'wake') metrics?.observeRequest(endpoint, response.status, performance.now() - startedAtMs);
    return response;
  };
}

/** As the handlers distinguish them; all other paths share one name. */
function endpointAt(url: string): AnyEndpointName | 'other' {
  const { pathname } = new URL(url);
  if (pathname.endsWith(wakeEndpoint.path)) return 'wake';
  const names = Object.keys(endpoints) as EndpointName[];
  return names.find((name) => pathname.endsWith(endpoints[name].path)) ?? 'other';
}
