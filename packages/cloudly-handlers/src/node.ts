export { nodeListener, type FetchHandler, type NodeListener } from './node/node-listener.js';
export { expressMiddleware, type ErrorMiddleware, type Middleware } from './node/express-middleware.js';
export { fastifyPlugin, type FastifyHook, type FastifyPlugin, type FastifyRouter } from './node/fastify-plugin.js';
export type { NodeRequest, NodeResponse } from './node/node-message.js';
export { clientAddress } from './node/client-address.js';
