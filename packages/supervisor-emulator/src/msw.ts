export { supervisorHandlers } from './supervisor-handlers.js';
export type { SupervisorHandlersOptions } from './supervisor-handlers.js';
