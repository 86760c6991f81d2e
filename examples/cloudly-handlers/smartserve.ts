// The handlers in a server of @push.rocks/smartserve.
import process from 'node:process';
import { type IConnectionInfo, SmartServe } from '@push.rocks/smartserve';
import { createCloudlyHandlers, createJoinToken, createMemoryStore } from '@serve.zone/baseos-cloudly-handlers';

const port = Number(process.env['PORT'] ?? 8080);
const store = createMemoryStore();
const handlers = createCloudlyHandlers({
  store,
  cloudlyId: await store.cloudlyId(),
  clientAddress: (_request, info) => (info as IConnectionInfo).remoteAddr,
});

const server = new SmartServe({ port, hostname: '127.0.0.1' });
server.setHandler(async (request, info) => {
  const response = await handlers.fetch(request, info);
  // Data that the handlers do not use would accumulate in memory.
  if (!request.bodyUsed) void request.body?.pipeTo(new WritableStream()).catch(() => undefined);
  return response;
});
await server.start();
console.log('Listening on', { port });

const { joinToken } = await createJoinToken(store, { uses: 100 });
console.log(`BASEOS_JOIN_TOKEN=${joinToken}`);
