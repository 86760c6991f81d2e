export { supervisorHandlers } from './msw/supervisor-handlers.js';
export type { SupervisorHandlersOptions } from './msw/supervisor-handlers.js';
