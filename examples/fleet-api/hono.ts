// A Cloudly in Hono: nodes and operators below /cloudly, and operators are the users of the application.
import process from 'node:process';
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { createCloudlyHandlers, createFleet, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { createFleetApi } from '@serve.zone/baseos-fleet-api';
import { type Context, Hono } from 'hono';
import { callerOf, findUser, type User } from './users.ts';

interface Variables {
  user: User | undefined;
}

const port = Number(process.env['PORT'] ?? 8080);
const store = createMemoryStore();
const handlers = createCloudlyHandlers({ store, cloudlyId: await store.cloudlyId(), clientAddress });
const api = createFleetApi({
  fleet: createFleet({ store }),
  onNews: (onNews) => store.onNews(onNews),
  // `info` is the context of Hono, in which the middleware below has noted the user.
  authenticate: (_request, context) => callerOf((context as Context<{ Variables: Variables }>).get('user')),
  clientAddress,
  onError: (error) => console.error(error),
});

function clientAddress(_request: unknown, context: unknown): string | undefined {
  return getConnInfo(context as Context).remote.address;
}

const app = new Hono<{ Variables: Variables }>();
app.all('/cloudly/baseos/*', (context) => handlers.fetch(context.req.raw, context));
app.use(async (context, next) => {
  context.set('user', findUser(context.req.header('authorization')));
  await next();
});
app.all('/cloudly/api/v1/*', (context) => api.fetch(context.req.raw, context));
app.get('/', (context) => context.text('The rest of the application'));
serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => console.log('Listening on', address));

setInterval(() => {
  handlers.runUpkeep();
  api.runUpkeep();
}, 5000).unref();
