const fixes = {
  express:
    'A middleware in front has read it, and left nothing of it in req.body or req.rawBody. Mount ' +
    'app.use(expressMiddleware(handlers.fetch)) in front of that middleware.',
  fastify:
    'A hook onRequest of the application has read it. Register fastifyPlugin(handlers.fetch) where that hook does not ' +
    'apply, or let the hook leave the two endpoints alone.',
  hono:
    'A middleware in front has read it, as by context.req.json(). Mount the handlers in front of that middleware, or let it ' +
    'read context.req.raw.clone().',
  node:
    'Another reader has left nothing in body or rawBody of the message. Call nodeListener(handlers.fetch) before it; in ' +
    'Fastify, register fastifyPlugin(handlers.fetch) instead of calling the listener in a route; in Koa, call the listener ' +
    'in front of the middleware that parses.',
  web:
    'Pass the request to the handlers before anything reads it, or let the middleware or hook that reads it ' +
    'use request.clone().',
} as const;

/** Other code has consumed a request's body: a mistake of the server, not of the node. */
export class TakenBodyError extends Error {
  /**
   * @param fate what happened to the body
   * @param info the further argument of the handlers, which shows where they are mounted
   */
  constructor({ method, path }: { method: string; path: string }, fate: string, info: unknown) {
    super(`The body of ${method} ${path || 'a request'} ${fate}. ${fixes[mountingOf(info)]}`);
  }
}

export const READ_BEFORE = 'was read before it reached the handlers';

/** @throws TakenBodyError if the body cannot be read. */
export function demandBody({ method, url, body, bodyUsed, headers }: Request, info: unknown): void {
  const isLeftOut = body === null && Number(headers.get('content-length') ?? 0) > 0;
  if (!bodyUsed && !body?.locked && !isLeftOut) return;
  const request = { method, path: URL.parse(url)?.pathname ?? '' };
  if (bodyUsed) throw new TakenBodyError(request, READ_BEFORE, info);
  if (body?.locked) throw new TakenBodyError(request, 'had another reader when it reached the handlers', info);
  throw new TakenBodyError(request, 'is missing from the Request that the handlers were given', info);
}

function mountingOf(info: unknown): keyof typeof fixes {
  if (!isObject(info)) return 'web';
  if ('raw' in info && 'routeOptions' in info) return 'fastify';
  if ('req' in info && isObject(info.req) && 'raw' in info.req) return 'hono';
  // Not only Express keeps the original URL.
  if ('originalUrl' in info && 'app' in info) return 'express';
  return 'socket' in info && 'headers' in info ? 'node' : 'web';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
