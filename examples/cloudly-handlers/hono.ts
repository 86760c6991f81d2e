// The handlers in a Hono application, under a path.
import process from 'node:process';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { createCloudlyHandlers, createJoinToken, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { type Context, Hono } from 'hono';

const port = Number(process.env['PORT'] ?? 8080);
const store = createMemoryStore();
const handlers = createCloudlyHandlers({
  store,
  cloudlyId: await store.cloudlyId(),
  clientAddress: (_request, context) => getConnInfo(context as Context).remote.address,
});

const app = new Hono();
app.all('/cloudly/baseos/*', (context) => handlers.fetch(context.req.raw, context));
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => console.log('Listening on', address));

const { joinToken } = await createJoinToken(store, { uses: 100 });
console.log(`BASEOS_JOIN_TOKEN=${joinToken}`);
