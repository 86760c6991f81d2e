export { nodeListener, type NodeListener } from './node-http/node-listener.js';
export type { FetchHandler } from './node-http/serve.js';
export { expressMiddleware, type ErrorMiddleware, type Middleware } from './node-http/express-middleware.js';
export { fastifyPlugin, type FastifyHook, type FastifyPlugin, type FastifyRouter } from './node-http/fastify-plugin.js';
export type { NodeRequest, NodeResponse } from './node-http/node-message.js';
export { clientAddress } from './node-http/client-address.js';
