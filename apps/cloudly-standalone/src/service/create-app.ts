import type { HttpBindings } from '@hono/node-server';
import type { CloudlyHandlers } from '@serve.zone/baseos-cloudly-handlers';
import { type EndpointName, endpoints } from '@serve.zone/baseos-contracts';
import { Hono } from 'hono';
import type { Metrics } from '../metrics/create-metrics.js';
import { probes, type ProbesOptions } from './probes.js';

export interface AppOptions extends ProbesOptions {
  handlers: Pick<CloudlyHandlers, 'fetch'>;
  metrics?: Pick<Metrics, 'observeRequest'> | undefined;
}

/** All that the server answers on the port for nodes. */
export function createApp({ handlers, metrics, ...probesOptions }: AppOptions): Hono<{ Bindings: HttpBindings }> {
  return new Hono<{ Bindings: HttpBindings }>()
    .use(async (context, next) => {
      const startedAtMs = performance.now();
      await next();
      metrics?.observeRequest(endpointAt(context.req.path), context.res.status, performance.now() - startedAtMs);
    })
    .route('/', probes(probesOptions))
    .all('*', (context) => handlers.fetch(context.req.raw, context.env));
}

/** As the handlers tell them apart; paths that a client makes up have one name among them. */
function endpointAt(path: string): EndpointName | 'other' {
  const names = Object.keys(endpoints) as EndpointName[];
  return names.find((name) => path.endsWith(endpoints[name].path)) ?? 'other';
}
