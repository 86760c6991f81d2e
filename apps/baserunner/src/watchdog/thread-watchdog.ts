import { lastHangPath, type Logger, type RunnerConfig, type Watchdog } from '@serve.zone/baseos-runner-core';
import type { Worker } from 'node:worker_threads';
import { endProcess } from '../process/end-process.js';
import { watchFromThread, type WatchOrders } from './watch-from-thread.js';

export interface ThreadWatchdogOptions {
  config: Pick<RunnerConfig, 'statePath' | 'logFormat'>;
  logger: Logger;
  /** The factor by which its time runs faster than the clock, for tests. @default 1 */
  speed?: number | undefined;
}

/** `EX_SOFTWARE` of sysexits.h. */
const hangExitCode = 70;

/**
 * Ends this process with 70 when its loop hangs. It watches from a thread of its own, which runs on while the event loop is
 * blocked. The thread uses no clock: it counts its own ticks. A suspended or stopped process counts none, and a clock that jumps
 * adds none.
 */
export class ThreadWatchdog implements Watchdog {
  readonly #options: ThreadWatchdogOptions;
  #thread: Worker | undefined;
  #isFailureTold = false;

  constructor(options: ThreadWatchdogOptions) {
    this.#options = options;
  }

  expect(nextWithinMs: number): void {
    this.#thread ??= this.#start();
    this.#thread?.postMessage(nextWithinMs);
  }

  rest(): void {
    void this.#thread?.terminate();
    this.#thread = undefined;
  }

  #start(): Worker | undefined {
    const { config, speed = 1 } = this.#options;
    const orders: WatchOrders = {
      tickMs: 10_000,
      speed,
      endExpression: `(${endProcess.toString()})(${hangExitCode})`,
      exitCode: hangExitCode,
      logFormat: config.logFormat,
      reportPath: lastHangPath(config),
    };
    try {
      const threads = process.getBuiltinModule('node:worker_threads');
      // The thread loads nothing that --require or NODE_OPTIONS would preload.
      const thread = new threads.Worker(`(${watchFromThread.toString()})()`, {
        eval: true,
        name: 'watchdog',
        workerData: orders,
        execArgv: [],
        env: {},
      });
      thread.on('message', (question: 'there?' | 'end') => {
        if (question === 'end') endProcess(hangExitCode);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        thread.postMessage('here');
      });
      thread.on('error', (error) => this.#fail(error));
      thread.unref();
      return thread;
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** An agent without a watchdog is better than no agent. */
  #fail(error: unknown): undefined {
    this.#thread = undefined;
    if (this.#isFailureTold) return;
    this.#isFailureTold = true;
    this.#options.logger.warn('The watchdog cannot run. If the agent hangs, it is not restarted.', { error });
  }
}
