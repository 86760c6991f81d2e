// The handlers in a server of Node.js.
import { createServer } from 'node:http';
import process from 'node:process';
import { createCloudlyHandlers, createJoinToken, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { clientAddress, nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';

const port = Number(process.env['PORT'] ?? 8080);
const store = createMemoryStore();
const handlers = createCloudlyHandlers({ store, cloudlyId: await store.cloudlyId(), clientAddress });

const server = createServer(nodeListener(handlers.fetch));
server.listen(port, '127.0.0.1', () => console.log('Listening on', server.address()));

const { joinToken } = await createJoinToken(store, { uses: 100 });
console.log(`BASEOS_JOIN_TOKEN=${joinToken}`);
