// A Cloudly of one's own in a Fastify application. Fastify reads and parses a body before it calls a route's handler. To check the
// token first, and the body as it arrived, the program answers earlier, in the hook onRequest.
import process from 'node:process';
import { type EndpointName, endpoints } from '@serve.zone/baseos-contracts';
import { fastify, type RouteShorthandOptionsWithHandler } from 'fastify';
import { createCloudly } from './cloudly/cloudly.ts';
import { startOperatorSurface } from './cloudly/start-operator-surface.ts';

const cloudly = createCloudly();

function answerAs(endpoint?: EndpointName): RouteShorthandOptionsWithHandler {
  return {
    onRequest: async ({ method, raw }, reply) => {
      const headers = raw.headersDistinct;
      const { status, headers: answered, body } = await cloudly.answer(endpoint, { method, headers, body: raw });
      return reply.code(status).headers(answered).send(body);
    },
    // A route must have a handler; the hook has already answered.
    handler: (_request, reply) => reply.callNotFound(),
  };
}

// The server limits how long a sender may take (F-9).
const app = fastify({ requestTimeout: 20_000 });
app.all(endpoints.register.path, answerAs('register'));
app.all(endpoints.heartbeat.path, answerAs('heartbeat'));
app.all('/baseos/v1/*', answerAs());

await app.listen({ port: Number(process.env['PORT'] ?? 8080), host: '127.0.0.1' });
console.log('Listening on', app.server.address());
startOperatorSurface(cloudly.operator);
