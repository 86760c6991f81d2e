// The handlers as a server of a runtime that serves a `fetch` function directly: `deno serve fetch-server.ts`, `bun
// fetch-server.ts`.
import process from 'node:process';
import {
  createCloudlyHandlers,
  createJoinToken,
  createMemoryStore,
  type SeenRequest,
} from '@serve.zone/baseos-cloudly-handlers';

/** The further argument that the runtime passes. */
type ServeInfo =
  /** Deno */
  | { remoteAddr: { hostname: string } }
  /** Bun */
  | { requestIP: (request: SeenRequest) => { address: string } | null };

const port = Number(process.env['PORT'] ?? 8080);
const store = createMemoryStore();
const handlers = createCloudlyHandlers({
  store,
  cloudlyId: await store.cloudlyId(),
  clientAddress: (request, info) => {
    const server = info as ServeInfo;
    return 'remoteAddr' in server ? server.remoteAddr.hostname : server.requestIP(request)?.address;
  },
});

const { joinToken } = await createJoinToken(store, { uses: 100 });
console.log(`BASEOS_JOIN_TOKEN=${joinToken}`);

export default { fetch: handlers.fetch, port, hostname: '127.0.0.1' };
