// A consumer of the built packages, on whatever runtime runs this file: enrols, heartbeats twice, reads the Supervisor, and
// prints what it saw. All it needs stands in the environment.
import process from 'node:process';
import { BaseRunner, SupervisorClient } from '@serve.zone/baseos';

const runner = BaseRunner.fromEnv(process.env, { version: '1.2.3' });
await runner.start();

while (runner.status().cloudly.heartbeatsAcknowledged < 2) {
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
}

const status = runner.status();
await runner.stop();

const supervisor = SupervisorClient.fromEnv();
const version = await supervisor.version();

process.stdout.write(`${JSON.stringify({ status, version })}\n`);
