// The handlers in a Fastify application, under a prefix.
import process from 'node:process';
import { createCloudlyHandlers, createJoinToken, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';
import { clientAddress, fastifyPlugin } from '@serve.zone/baseos-cloudly-handlers/node';
import fastify from 'fastify';

const port = Number(process.env['PORT'] ?? 8080);
const store = createMemoryStore();
const handlers = createCloudlyHandlers({ store, cloudlyId: await store.cloudlyId(), clientAddress });

const app = fastify({ trustProxy: 'loopback' });
await app.register(fastifyPlugin(handlers.fetch), { prefix: '/cloudly' });
app.post('/echo', (request, reply) => void reply.send(request.body));
await app.listen({ port, host: '127.0.0.1' });
console.log('Listening on', app.server.address());

const { joinToken } = await createJoinToken(store, { uses: 100 });
console.log(`BASEOS_JOIN_TOKEN=${joinToken}`);
