import { endpoints, wakeEndpoint } from '@serve.zone/baseos-contracts';
import type { FetchHandler } from './serve.js';
import type { NodeRequest, NodeResponse } from './node-message.js';
import { requestBody } from './request-body.js';
import { serve } from './serve.js';

/** A hook of Fastify that ends the request with its answer. */
export type FastifyHook = (
  request: { raw: NodeRequest },
  reply: { raw: NodeResponse; hijack(): unknown },
) => Promise<void>;

/** The parts of the Fastify instance that the plugin uses. */
export interface FastifyRouter {
  supportedMethods: string[];
  route(options: { method: string[]; url: string; onRequest: FastifyHook; handler: FastifyHook }): unknown;
}

export type FastifyPlugin = (instance: FastifyRouter) => Promise<void>;

/**
 * For `app.register` of Fastify 5, with any `prefix`. Answers the endpoints after the application's hooks `onRequest`,
 * and before a content type parser reads the body or `bodyLimit` rejects it; leaves everything else to the application.
 * The answer bypasses `onSend`. Fastify's request is passed on as `info`, for {@link clientAddress}. Registered in an
 * older Fastify, it rejects with a TypeError.
 */
export function fastifyPlugin(fetch: FetchHandler): FastifyPlugin {
  const answer: FastifyHook = async (request, reply) => {
    reply.hijack();
    await serve(fetch, request.raw, reply.raw, requestBody(request.raw), request);
  };
  return async (instance) => {
    const method = methodsOf(instance);
    for (const { path } of [...Object.values(endpoints), wakeEndpoint]) {
      // A route of Fastify must have a handler; the hook answers before it.
      instance.route({ method, url: path, onRequest: answer, handler: answer });
    }
  };
}

function methodsOf({ supportedMethods }: Partial<FastifyRouter>): string[] {
  if (supportedMethods) return supportedMethods;
  throw new TypeError(
    'fastifyPlugin needs Fastify 5. In an older one, add a hook onRequest that calls reply.hijack() and then ' +
      'nodeListener(handlers.fetch)(request.raw, reply.raw) to a route of your own for each of the endpoints.',
  );
}
