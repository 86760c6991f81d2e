// What the endpoints of nodes are made of, for other endpoints beside them.
export { createDrain, type Drain } from './serve/drain.js';
export { clientKey, type ClientKeyOptions } from './serve/client-key.js';
export { createInFlight, type InFlight } from './limits/in-flight.js';
export { createRateLimit, type RateLimit, type RateLimitOptions } from './limits/rate-limit.js';
export { BODY_TIMEOUT_MS } from './messages/read-json-body.js';
export { webRequest } from './messages/web-request.js';
export { requireRole } from './fleet-calls/call.js';
export { startTimer, type StartTimer } from './waking/timer.js';
export { sha256Hex } from './fleet/hash.js';
