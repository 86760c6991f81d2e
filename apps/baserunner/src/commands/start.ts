import type { ExitCode } from '@serve.zone/baseos-command-line';
import {
  agentHung,
  BaseRunner,
  clockWrong,
  describeEarlyClock,
  inSentences,
  isBaseRunnerError,
  type Logger,
  readLastHang,
  type RunnerConfig,
  type StatusNotice,
} from '@serve.zone/baseos-runner-core';
import { builtMs } from '../about/build-time.js';
import type { CommandContext } from '../cli/command-context.js';
import { createConsoleLogger } from '../log/console-logger.js';
import { createCloudlyTransport, createTransport } from '../transport/create-transport.js';
import type { Transport } from '../transport/node-http-fetch.js';
import { type OpenMetrics, openMetrics } from '../metrics/open-metrics.js';
import { endingSignals } from '../process/process-signals.js';
import { RecentLog } from '../log/recent-log.js';
import { removeLeftLock } from '../supervisor/remove-left-lock.js';
import { version } from '../about/version.js';

/** Runs the agent until a signal ends it. Only an invalid configuration prevents that. */
export async function start(context: CommandContext): Promise<ExitCode> {
  try {
    return await run(context);
  } catch (error) {
    if (isBaseRunnerError(error) && (await removeLeftLock(context.env))) context.stderr.write(`${gateOpened}\n`);
    throw error;
  }
}

const gateOpened =
  'The update lock that an earlier agent left is removed: as long as BaseRunner cannot start, releases are installed as they come.';

async function run({ env, stderr, log, signals, watchdog }: CommandContext): Promise<ExitCode> {
  const toSupervisor = createTransport();
  let toCloudly: Transport | undefined;
  let metrics: OpenMetrics | undefined;
  const recentLog = new RecentLog();
  const runner = BaseRunner.fromEnv(env, {
    version,
    logger: (config) => {
      const { logFormat, logLevel } = config;
      const logger = recentLog.beside(
        createConsoleLogger({ stream: log ?? stderr, format: logFormat, level: logLevel }),
      );
      log?.onGap((lines) => logger.warn(describeGap(lines)));
      const early = describeEarlyClock(Date.now(), builtMs);
      if (early !== undefined) warn(logger, clockWrong(early));
      void reportLastHang(config, logger);
      metrics = openMetrics({ address: config.metricsListen, logger, status: () => runner.status() });
      return logger;
    },
    recentLog: () => recentLog.text,
    watchdog,
    fetch: {
      fromConfig: (config) => {
        toCloudly = createCloudlyTransport(config);
        return toCloudly.fetch;
      },
    },
    supervisorFetch: toSupervisor.fetch,
  });

  // The first signal lets a running call finish; a second one ends it at once.
  const onSignal = (): void => void runner.stop();
  for (const signal of endingSignals) signals.on(signal, onSignal);
  try {
    await runner.start();
    await runner.closed;
    return exitCodeOf(runner.failure);
  } finally {
    for (const signal of endingSignals) signals.off(signal, onSignal);
    metrics?.close();
    toCloudly?.close();
    toSupervisor.close();
  }
}

function exitCodeOf(failure: unknown): ExitCode {
  return failure === undefined ? 0 : isBaseRunnerError(failure) ? 2 : 1;
}

function describeGap(lines: number): string {
  return `${lines} ${lines === 1 ? 'line' : 'lines'} of this log ${lines === 1 ? 'was' : 'were'} dropped because it was not read in time. The newest are in \`baserunner diagnose\`.`;
}

function warn(logger: Logger, notice: StatusNotice): void {
  logger.warn(inSentences(notice), { code: notice.code });
}

/** Nothing waits for this: a disk that hangs must not delay the start. */
async function reportLastHang(config: RunnerConfig, logger: Logger): Promise<void> {
  const lastHang = await readLastHang(config);
  if (lastHang) warn(logger, agentHung(lastHang));
}
