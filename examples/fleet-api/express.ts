// A Cloudly in Express: nodes and operators below /cloudly, and operators are the users of the application.
import process from 'node:process';
import { createCloudlyHandlers, createFleet, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { clientAddress, expressMiddleware, nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { createFleetApi } from '@serve.zone/baseos-fleet-api';
import express, { type Request } from 'express';
import { callerOf, findUser, type User } from './users.ts';

const port = Number(process.env['PORT'] ?? 8080);
const store = createMemoryStore();
const handlers = createCloudlyHandlers({ store, cloudlyId: await store.cloudlyId(), clientAddress });
const api = createFleetApi({
  fleet: createFleet({ store }),
  onNews: (onNews) => store.onNews(onNews),
  // `info` is the request of Express, in which the middleware below has noted the user.
  authenticate: (_request, info) => callerOf((info as Request & { user?: User }).user),
  clientAddress,
  onError: (error) => console.error(error),
});

const app = express();
app.use('/cloudly', expressMiddleware(handlers.fetch));
app.use((request: Request & { user?: User | undefined }, _response, next) => {
  request.user = findUser(request.headers.authorization);
  next();
});
app.use('/cloudly/api/v1', nodeListener(api.fetch));
app.use(express.json());
app.get('/', (_request, response) => void response.send('The rest of the application'));
const server = app.listen(port, '127.0.0.1', () => console.log('Listening on', server.address()));

setInterval(() => {
  handlers.runUpkeep();
  api.runUpkeep();
}, 5000).unref();
