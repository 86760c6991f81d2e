import type { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';

/** The two calls to Cloudly, without retries and with a deadline of their own. */
export type CloudlyCalls = Pick<CloudlyConnector, 'register' | 'heartbeat'>;
