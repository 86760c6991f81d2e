import type { HttpBindings } from '@hono/node-server';
import type { CloudlyHandlers } from '@serve.zone/baseos-cloudly-handlers';
import { Hono } from 'hono';
import { probes, type ProbesOptions } from './probes.js';

export interface AppOptions extends ProbesOptions {
  handlers: Pick<CloudlyHandlers, 'fetch'>;
}

/** All that the server answers on the port for nodes. */
export function createApp({ handlers, ...probesOptions }: AppOptions): Hono<{ Bindings: HttpBindings }> {
  return new Hono<{ Bindings: HttpBindings }>()
    .route('/', probes(probesOptions))
    .all('*', (context) => handlers.fetch(context.req.raw, context.env));
}
