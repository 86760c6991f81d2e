import type { SupervisorClient } from '@serve.zone/balena-supervisor-client';

/** What BaseRunner reads of the Supervisor. */
export type SupervisorReads = Pick<SupervisorClient, 'device' | 'stateStatus' | 'version'>;
