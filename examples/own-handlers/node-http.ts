// Your own Cloudly in a server of Node.js.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import process from 'node:process';
import { type EndpointName, endpoints } from '@serve.zone/baseos-contracts';
import { createCloudly } from './cloudly/cloudly.ts';
import { startOperatorSurface } from './cloudly/start-operator-surface.ts';

const cloudly = createCloudly();

/** A target is a path or, as proxies send it, a whole URL (RFC 9112, 3.2). */
function endpointAt(target = ''): EndpointName | undefined {
  const path = URL.parse(target, 'http://localhost')?.pathname;
  return (['register', 'heartbeat'] as const).find((name) => endpoints[name].path === path);
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, headersDistinct: headers, url } = request;
  const { status, headers: answered, body } = await cloudly.answer(endpointAt(url), { method, headers, body: request });
  response.writeHead(status, answered).end(body);
}

// The server limits how long a sender may take (F-9).
const server = createServer({ requestTimeout: 20_000 }, (request, response) => void serve(request, response));
server.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1', () => console.log('Listening on', server.address()));
startOperatorSurface(cloudly.operator);
