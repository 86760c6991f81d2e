// The agent as whoever imports the package gets it: with the default transport.
import process from 'node:process';
import { BaseRunner } from '@serve.zone/baseos';

const runner = BaseRunner.fromEnv();
process.once('SIGTERM', () => void runner.stop());
await runner.start();
await runner.closed;
process.exit(0);
