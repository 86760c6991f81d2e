import type { CloudlyConnector } from '@serve.zone/baseos-cloudly-connector';

/**
 * The calls to Cloudly, without retries and with a deadline of their own. Without `wake`, the node is not woken: it hears of
 * everything with its next heartbeat.
 */
export type CloudlyCalls = Pick<CloudlyConnector, 'register' | 'heartbeat'> & Partial<Pick<CloudlyConnector, 'wake'>>;
