import { expect, test } from 'vitest';
import { recordingLogger } from '../../../test/simulation.js';
import { logAsk } from './log-command.js';

test.each([
  ['main', '"restart-service" (main)'],
  [' ', '"restart-service"'],
  [undefined, '"restart-service"'],
])('a command of the service %j is named %s', (service, name) => {
  const { logger, lines } = recordingLogger();
  logAsk({ id: '1', kind: 'restart-service', ...(service !== undefined && { service }) }, logger);
  expect(JSON.stringify(lines)).toContain(JSON.stringify(`Cloudly's command ${name} begins.`).slice(1, -1));
});
