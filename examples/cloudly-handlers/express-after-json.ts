// The handlers in an Express application that parses every body first.
import process from 'node:process';
import { createCloudlyHandlers, createJoinToken, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { clientAddress, expressMiddleware } from '@serve.zone/baseos-cloudly-handlers/node';
import express from 'express';

const port = Number(process.env['PORT'] ?? 8080);
const store = createMemoryStore();
const handlers = createCloudlyHandlers({ store, cloudlyId: await store.cloudlyId(), clientAddress });

const app = express();
app.set('trust proxy', 'loopback');
// The parser's own limit is lower than what the contract allows, and only the bytes tell whether they are UTF-8.
function keepBytes(request: object, _response: object, rawBody: Buffer) {
  void Object.assign(request, { rawBody });
}
app.use(express.json({ limit: '256kb', verify: keepBytes }));
app.use('/cloudly', expressMiddleware(handlers.fetch));
app.post('/echo', (request, response) => void response.json(request.body));
const server = app.listen(port, '127.0.0.1', () => console.log('Listening on', server.address()));

const { joinToken } = await createJoinToken(store, { uses: 100 });
console.log(`BASEOS_JOIN_TOKEN=${joinToken}`);
