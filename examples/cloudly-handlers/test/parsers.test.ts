import { once } from 'node:events';
import { createServer, type IncomingMessage, request as sendRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { getRequestListener } from '@hono/node-server';
import { createCloudlyHandlers, createJoinToken, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { expressMiddleware, fastifyPlugin, nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { endpoints, parseProblem } from '@serve.zone/baseos-contracts';
import express, { type Handler } from 'express';
import fastify from 'fastify';
import { Hono, type MiddlewareHandler } from 'hono';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEmulatedNode } from './emulated-node.js';

type Handlers = ReturnType<typeof createCloudlyHandlers>;

/** What becomes of a registration whose body something in front was at. */
type Outcome =
  | 'taken'
  /** 503, and an error for the operator that has this in it. */
  | { told: string };

const taken: Outcome = 'taken';
const toldOfExpress: Outcome = { told: 'Mount app.use(expressMiddleware(handlers.fetch)) in front of that middleware' };
const toldOfNode: Outcome = { told: 'Call nodeListener(handlers.fetch) before it' };

/** A custom parser that does not record what it has read. */
function readAllInto(leave: (whole: string) => object): Handler {
  return async (request, _response, next) => {
    Object.assign(request, leave(await text(request)));
    next();
  };
}

const readAll = readAllInto(() => ({}));
const readPiece: Handler = async (request, _response, next) => {
  await once(request, 'data');
  next();
};
const setEncoding: Handler = (request, _response, next) => {
  request.setEncoding('utf8');
  next();
};

type Framing = 'with its length' | 'in pieces';

interface InFront {
  name: string;
  handlers: Handler[];
  outcome: 'taken' | 'told';
  /** @default both */
  framings?: readonly Framing[] | undefined;
}

/** What may stand in front of a listener of `node:http` and in an Express application alike. */
const inFront: readonly InFront[] = [
  { name: 'nothing', handlers: [], outcome: 'taken' },
  { name: 'one that reads all and leaves nothing', handlers: [readAll], outcome: 'told' },
  { name: 'one that leaves the text', handlers: [readAllInto((body) => ({ body }))], outcome: 'taken' },
  {
    name: 'one that leaves the bytes',
    handlers: [readAllInto((body) => ({ body: Buffer.from(body) }))],
    outcome: 'taken',
  },
  {
    name: 'one that leaves the value',
    handlers: [readAllInto((body) => ({ body: JSON.parse(body) }))],
    outcome: 'taken',
  },
  {
    name: 'one that leaves rawBody beside what it has made of it',
    handlers: [readAllInto((body) => ({ rawBody: Buffer.from(body), body: { files: [] } }))],
    outcome: 'taken',
  },
  {
    name: 'one that leaves an empty rawBody beside the value',
    handlers: [readAllInto((body) => ({ rawBody: '', body: JSON.parse(body) }))],
    outcome: 'taken',
  },
  ...[{}, [], null, '', Buffer.alloc(0), new Map(), undefined].map((body) => ({
    name: `one that leaves an empty value: ${JSON.stringify(body)} of ${body?.constructor.name ?? 'no class'}`,
    handlers: [readAllInto(() => ({ body }))],
    outcome: 'told' as const,
  })),
  {
    name: 'one that reads the first piece',
    handlers: [readPiece],
    outcome: 'told',
  },
  {
    name: 'one that has begun to read piece by piece',
    handlers: [
      (request, _response, next) => {
        request.on('readable', () => undefined);
        next();
      },
    ],
    outcome: 'told',
  },
  {
    name: 'one that lets it flow away and does not wait',
    handlers: [
      (request, _response, next) => {
        request.resume();
        next();
      },
    ],
    outcome: 'taken',
  },
  {
    name: 'one that listens to it, too',
    handlers: [
      (request, _response, next) => {
        request.on('data', () => undefined);
        next();
      },
    ],
    outcome: 'taken',
  },
  {
    name: 'one that listens to it and waits',
    handlers: [
      (request, _response, next) => {
        request.on('data', () => undefined).once('data', () => setImmediate(next));
      },
    ],
    outcome: 'told',
  },
  {
    name: 'one that pipes it elsewhere, too',
    handlers: [
      (request, _response, next) => {
        request.pipe(new PassThrough()).resume();
        next();
      },
    ],
    outcome: 'taken',
  },
  {
    name: 'one that sets an encoding',
    handlers: [setEncoding],
    outcome: 'taken',
  },
  {
    name: 'one that waits and leaves it alone',
    handlers: [(_request, _response, next) => void setImmediate(next)],
    outcome: 'taken',
  },
];

function behindExpress(make: typeof express): readonly InFront[] {
  return [
    ...inFront,
    { name: 'json()', handlers: [make.json()], outcome: 'taken' },
    { name: 'json() twice', handlers: [make.json(), make.json()], outcome: 'taken' },
    { name: 'raw()', handlers: [make.raw({ type: '*/*' })], outcome: 'taken' },
    { name: 'text()', handlers: [make.text({ type: '*/*' })], outcome: 'taken' },
    { name: 'urlencoded()', handlers: [make.urlencoded({ extended: true })], outcome: 'taken' },
    { name: 'urlencoded() and json()', handlers: [make.urlencoded({ extended: true }), make.json()], outcome: 'taken' },
    {
      name: 'urlencoded() of whatever comes',
      handlers: [make.urlencoded({ extended: true, type: '*/*' })],
      outcome: 'told',
    },
    {
      name: 'simple urlencoded() of whatever comes',
      handlers: [make.urlencoded({ extended: false, type: '*/*' })],
      outcome: 'told',
    },
    { name: 'one that reads all, and json()', handlers: [readAll, make.json()], outcome: 'told' },
    {
      name: 'one that reads the first piece, and json()',
      handlers: [readPiece, make.json()],
      outcome: 'told',
      // Of a message of unknown length, the parser takes the rest for the whole.
      framings: ['with its length'],
    },
    { name: 'one that sets an encoding, and json()', handlers: [setEncoding, make.json()], outcome: 'told' },
    {
      name: 'one that reads all, and urlencoded()',
      handlers: [readAll, make.urlencoded({ extended: true })],
      outcome: 'told',
    },
  ];
}

const expressFour = createRequire(import.meta.url)('express4') as typeof express;

function inExpress(make: typeof express, middlewares: readonly Handler[]) {
  return (handlers: Handlers): RequestListener => {
    const app = make();
    for (const middleware of middlewares) app.use(middleware);
    app.use('/cloudly', expressMiddleware(handlers.fetch));
    return app;
  };
}

function inNode(middlewares: readonly Handler[]) {
  return (handlers: Handlers): RequestListener => {
    const listener = nodeListener(handlers.fetch);
    return (incoming, outgoing) => {
      const pass = (rest: readonly Handler[]): void => {
        const [first, ...others] = rest;
        if (first)
          void first(incoming as Parameters<Handler>[0], outgoing as Parameters<Handler>[1], () => pass(others));
        else listener(incoming, outgoing);
      };
      pass(middlewares);
    };
  };
}

function inHono(...middlewares: MiddlewareHandler[]) {
  return (handlers: Handlers): RequestListener => {
    const app = new Hono();
    app.use(...middlewares);
    app.all('/cloudly/baseos/*', (context) => handlers.fetch(context.req.raw, context));
    const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    return (...exchange) => void answer(...exchange);
  };
}

const registerPath = `/cloudly${endpoints.register.path}`;

const cases: readonly {
  name: string;
  mount: (handlers: Handlers) => RequestListener | Promise<RequestListener>;
  outcome: Outcome;
  framings?: readonly Framing[] | undefined;
}[] = [
  ...inFront.map(({ name, handlers, outcome, framings }) => ({
    framings,
    name: `node:http, behind ${name}`,
    mount: inNode(handlers),
    outcome: outcome === 'taken' ? taken : toldOfNode,
  })),
  ...([5, 4] as const).flatMap((version) => {
    const make = version === 5 ? express : expressFour;
    return behindExpress(make).map(({ name, handlers, outcome, framings }) => ({
      framings,
      name: `Express ${version}, behind ${name}`,
      mount: inExpress(make, handlers),
      outcome: outcome === 'taken' ? taken : toldOfExpress,
    }));
  }),
  {
    name: 'Fastify, by the plugin',
    mount: async ({ fetch }) => {
      const app = fastify();
      await app.register(fastifyPlugin(fetch), { prefix: '/cloudly' });
      await app.ready();
      return (...exchange) => app.routing(...exchange);
    },
    outcome: taken,
  },
  {
    name: 'Fastify, by the plugin, behind a hook that reads all',
    mount: async ({ fetch }) => {
      const app = fastify();
      app.addHook('onRequest', async ({ raw }) => void (await text(raw)));
      await app.register(fastifyPlugin(fetch), { prefix: '/cloudly' });
      await app.ready();
      return (...exchange) => app.routing(...exchange);
    },
    outcome: { told: 'A hook onRequest of the application has read it' },
  },
  {
    name: 'Fastify, in a route, behind its parser',
    mount: async ({ fetch }) => {
      const app = fastify();
      app.post(registerPath, (request, reply) => {
        reply.hijack();
        nodeListener(fetch)(request.raw, reply.raw);
      });
      await app.ready();
      return (...exchange) => app.routing(...exchange);
    },
    outcome: { told: 'in Fastify, register fastifyPlugin(handlers.fetch)' },
  },
  {
    name: 'Hono, behind one that reads a copy',
    mount: inHono(async (context, next) => {
      await context.req.raw.clone().json();
      await next();
    }),
    outcome: taken,
  },
  {
    name: 'Hono, behind one that reads the value',
    mount: inHono(async (context, next) => {
      await context.req.json();
      await next();
    }),
    outcome: { told: 'read context.req.raw.clone()' },
  },
  {
    name: 'Hono, behind one that reads the first piece',
    mount: inHono(async (context, next) => {
      const reader = context.req.raw.body?.getReader();
      await reader?.read();
      reader?.releaseLock();
      await next();
    }),
    outcome: { told: 'read context.req.raw.clone()' },
  },
  {
    name: 'Hono, behind one that holds a reader',
    mount: inHono(async (context, next) => {
      context.req.raw.body?.getReader();
      await next();
    }),
    outcome: { told: 'had another reader when it reached the handlers' },
  },
];

describe('a registration that reaches the handlers', () => {
  test.for(cases)('in $name', async ({ mount, outcome, framings = ['with its length', 'in pieces'] }) => {
    const errors: string[] = [];
    const store = createMemoryStore();
    const cloudlyId = await store.cloudlyId();
    const handlers = createCloudlyHandlers({ store, cloudlyId, onError: (error) => errors.push(String(error)) });
    const { joinToken } = await createJoinToken(store, { uses: 2 });
    const server = createServer(await mount(handlers));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });

    const { port } = server.address() as AddressInfo;
    for (const framing of framings) {
      const { status, answer } = await register(port, joinToken, framing);
      const problem = parseProblem(answer);
      const code = problem.ok ? problem.value.code : 'no problem';
      expect({ status, code, errors: errors.splice(0) }).toEqual(expected(outcome));
    }
  });
});

function expected(outcome: Outcome): unknown {
  if (outcome === 'taken') return { status: 201, code: 'no problem', errors: [] };
  const saysSo: unknown = expect.stringContaining(outcome.told);
  return { status: 503, code: 'unavailable', errors: [saysSo] };
}

/** Registers a new node with a request whose body arrives in two pieces, split within a character. */
async function register(
  port: number,
  joinToken: string,
  framing: Framing,
): Promise<{ status: number | undefined; answer: string }> {
  const { registration } = createEmulatedNode(`http://127.0.0.1:${port}`);
  const body = Buffer.from(JSON.stringify({ ...registration, remark: 'Kühlhaus' }));
  const cut = body.indexOf('ü') + 1;
  const outgoing = sendRequest({
    port,
    path: registerPath,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${joinToken}`,
      ...(framing === 'with its length' ? { 'content-length': body.byteLength } : { 'transfer-encoding': 'chunked' }),
    },
  });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  outgoing.write(body.subarray(0, cut), () => setImmediate(() => outgoing.end(body.subarray(cut))));
  const [response] = await answered;
  return { status: response.statusCode, answer: await text(response) };
}
