import type { ExitCode } from '@serve.zone/baseos-command-line';
import { BaseRunner, type Logger } from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../command-context.js';
import { createConsoleLogger } from '../console-logger.js';
import { createTransport } from '../create-transport.js';
import { version } from '../version.js';

/** Runs the agent until a signal ends it. Only a configuration that cannot be used keeps it from running. */
export async function start({ env, stderr, signals }: CommandContext): Promise<ExitCode> {
  const toCloudly = createTransport();
  const toSupervisor = createTransport();
  const closeTransports = (): void => {
    toCloudly.close();
    toSupervisor.close();
  };
  let logger: Logger | undefined;
  const runner = BaseRunner.fromEnv(env, {
    version,
    logger: ({ logFormat, logLevel }) =>
      (logger = createConsoleLogger({ stream: stderr, format: logFormat, level: logLevel })),
    fetch: toCloudly.fetch,
    supervisorFetch: toSupervisor.fetch,
  });

  // The first signal lets an exchange that is under way end; whoever sends a second one does not want to wait for that.
  // That breaks the connection on this side, so what the agent makes of it is no news of Cloudly.
  let signalsSeen = 0;
  const onSignal = (): void => {
    signalsSeen += 1;
    if (signalsSeen === 1) return void runner.stop();
    logger?.setLevel?.('error');
    closeTransports();
  };
  signals.on('SIGTERM', onSignal);
  signals.on('SIGINT', onSignal);
  try {
    await runner.start();
    await runner.closed;
    return 0;
  } finally {
    signals.off('SIGTERM', onSignal);
    signals.off('SIGINT', onSignal);
    closeTransports();
  }
}
