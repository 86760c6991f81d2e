// A consumer of the built packages, on whatever runtime runs this file: an agent with the default transport, whose calls have
// a short deadline. It prints its log, one JSON object a line, and runs until it is killed.
import process from 'node:process';
import { BaseRunner, CloudlyConnector } from '@serve.zone/baseos';
import { openIdentity, parseConfig } from '@serve.zone/baseos-runner-core';

const { config } = parseConfig(process.env);

function write(level) {
  return (message, fields) => process.stdout.write(`${JSON.stringify({ level, message, code: fields?.code })}\n`);
}

const runner = new BaseRunner({
  config,
  openIdentity: async (options) => openIdentity({ config, ...options }),
  connector: new CloudlyConnector({ cloudlyUrl: config.cloudlyUrl, timeoutMs: 2000 }),
  logger: { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') },
});
await runner.start();
await runner.closed;
