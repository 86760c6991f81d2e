import { endpoints } from '@serve.zone/baseos-contracts';
import type { FetchHandler } from './serve.js';
import type { NodeRequest, NodeResponse } from './node-message.js';
import { requestBody } from './request-body.js';
import { serve } from './serve.js';

/** A hook of Fastify's that is done when it has answered. */
export type FastifyHook = (
  request: { readonly raw: NodeRequest },
  reply: { readonly raw: NodeResponse; hijack(): unknown },
) => Promise<void>;

/** What the plugin uses of the instance that it is registered in. */
export interface FastifyRouter {
  readonly supportedMethods: string[];
  route(options: { method: string[]; url: string; onRequest: FastifyHook; handler: FastifyHook }): unknown;
}

export type FastifyPlugin = (instance: FastifyRouter) => Promise<void>;

/**
 * For `app.register` of Fastify 5, with any `prefix`. Answers the two endpoints after the application's hooks `onRequest`,
 * and before a content type parser reads the body or `bodyLimit` turns it away; leaves all else to the application. The
 * answer goes past `onSend`. Fastify's request is handed on as `info`, for {@link clientAddress}. Registered in an older
 * Fastify, it rejects with a TypeError.
 */
export function fastifyPlugin(fetch: FetchHandler): FastifyPlugin {
  const answer: FastifyHook = async (request, reply) => {
    reply.hijack();
    await serve(fetch, request.raw, reply.raw, requestBody(request.raw), request);
  };
  return async (instance) => {
    const method = methodsOf(instance);
    for (const { path } of Object.values(endpoints)) {
      // No route of Fastify's is without a handler; the hook answers before it.
      instance.route({ method, url: path, onRequest: answer, handler: answer });
    }
  };
}

function methodsOf({ supportedMethods }: Partial<FastifyRouter>): string[] {
  if (supportedMethods) return supportedMethods;
  throw new TypeError(
    'fastifyPlugin needs Fastify 5. In an older one, add a hook onRequest that calls reply.hijack() and then ' +
      'nodeListener(handlers.fetch)(request.raw, reply.raw) to a route of your own for each of the two endpoints.',
  );
}
