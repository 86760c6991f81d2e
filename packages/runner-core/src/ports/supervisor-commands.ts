import type { SupervisorClient } from '@serve.zone/balena-supervisor-client';

/** The Supervisor's calls that change something on the device, and the one that says what an answer to them means. */
export type SupervisorCommands = Pick<SupervisorClient, 'update' | 'reboot' | 'shutdown' | 'blink' | 'app' | 'device'>;
