// The emulator for tests with msw, whose own types ask for a newer TypeScript than ours do.
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { supervisorHandlers } from '@serve.zone/balena-supervisor-emulator/msw';

export const count: number = supervisorHandlers(createSupervisor(), { address: 'http://127.0.0.1:48484' }).length;
