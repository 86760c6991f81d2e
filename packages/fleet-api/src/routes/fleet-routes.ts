import type { CallerFleet } from '@serve.zone/baseos-cloudly-handlers';
import * as v from 'valibot';
import { answerOf } from '../route/answer.js';
import type { Route } from '../route/route.js';
import { instant } from '../schemas/parts.js';
import { alertRoutes } from './alert-routes.js';
import { recovered } from '../schemas/recovery-schemas.js';
import { bulkRoutes } from './bulk-routes.js';
import { commandRoutes } from './command-routes.js';
import { decisionRoutes } from './decision-routes.js';
import { eventRoutes } from './event-routes.js';
import { fleetRoute } from './fleet-route.js';
import { joinTokenRoutes } from './join-token-routes.js';
import { nodeRoutes } from './node-routes.js';
import { profileRoutes } from './profile-routes.js';
import { rolloutRoutes } from './rollout-routes.js';
import { viewRoutes } from './view-routes.js';
import { webhookRoutes } from './webhook-routes.js';

type RouteOf<Name extends keyof CallerFleet> = Route<
  Name,
  Parameters<CallerFleet[Name]>,
  Awaited<ReturnType<CallerFleet[Name]>>
>;

/** Every call of the fleet as a request: without one for a new call, this does not compile. */
export const fleetRoutes: { [Name in keyof CallerFleet]: RouteOf<Name> } = {
  ...nodeRoutes,
  ...profileRoutes,
  ...decisionRoutes,
  ...commandRoutes,
  ...eventRoutes,
  ...joinTokenRoutes,
  ...viewRoutes,
  ...bulkRoutes,
  ...alertRoutes,
  ...webhookRoutes,
  ...rolloutRoutes,
  recover: fleetRoute('recover', {
    method: 'POST',
    path: '/recover',
    summary: 'Makes a fleet safe that was restored from a backup',
    body: v.strictObject({ takenAtMs: instant }),
    answer: answerOf(recovered),
    take: ({ body }) => [body.takenAtMs],
    give: (takenAtMs) => ({ body: { takenAtMs } }),
  }),
};
