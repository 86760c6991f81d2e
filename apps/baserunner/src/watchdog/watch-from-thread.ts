import type { RunnerConfig } from '@serve.zone/baseos-runner-core';

/** The data that the thread gets when it starts. */
export interface WatchOrders {
  tickMs: number;
  speed: number;
  exitCode: number;
  /** Code that ends the process with that exit code when it runs in the main thread. */
  endExpression: string;
  logFormat: RunnerConfig['logFormat'];
  /** Where it records why it ended the process. */
  reportPath: string;
}

/**
 * The code of the watchdog's thread. It is passed on as text, so it must not use anything outside itself.
 *
 * A message with a number is the time within which the next one is expected. After that time, it asks the main thread
 * whether it responds. If it does, the main thread ends the process itself. If not, its event loop is blocked, and
 * Node's inspector runs the exit in the middle of the blocking code. A thread that cannot be interrupted either is
 * killed.
 */
export function watchFromThread(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { constants, openSync, promises, write, writeSync } = process.getBuiltinModule('node:fs');
  const { tickMs, speed, exitCode, endExpression, logFormat, reportPath } = workerData as WatchOrders;
  const answerWithinMs = 30_000;
  const stackWithinMs = 60_000;
  const endsWithinMs = 300_000;

  let expectedMs = 0;
  let leftMs: number | undefined;
  let isThere = false;

  const sleep = async (durationMs: number): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(resolve, durationMs / speed);
    });

  const inMainThread = async (expression: string): Promise<unknown> => {
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session();
    session.connectToMainThread();
    return new Promise((resolve) => {
      session.post('Runtime.evaluate', { expression }, (_error, answer) => resolve(answer?.result?.value));
    });
  };

  /** The stack of the code that blocks the event loop, without the lines of this request itself. */
  const stackOfMainThread = async (): Promise<string[]> => {
    const stack = await Promise.race([inMainThread('new Error().stack'), sleep(stackWithinMs)]);
    const lines = typeof stack === 'string' ? stack.split('\n') : [];
    return lines
      .filter((line) => line.startsWith('    at ') && !line.includes('<anonymous>:1:'))
      .map((line) => line.trim());
  };

  /** A log without a reader must not delay the exit: what does not fit is dropped. */
  const log = async (text: string): Promise<void> => {
    const inPool = new Promise<void>((resolve) => {
      try {
        const { O_WRONLY, O_APPEND, O_NONBLOCK } = constants;
        writeSync(openSync('/proc/self/fd/2', O_WRONLY | O_APPEND | O_NONBLOCK), text);
        resolve();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') resolve();
        // It cannot be opened again, so it is not known whether writing to it would block this thread.
        else write(2, text, () => resolve());
      }
    });
    await Promise.race([inPool, sleep(stackWithinMs)]);
  };

  /**
   * The names are predictable: anything that another user has put there, such as a link, is neither followed nor
   * written to.
   */
  const replaceReport = async (report: string): Promise<void> => {
    const temporaryPath = `${reportPath}.tmp`;
    await promises.rm(temporaryPath, { force: true });
    await promises.writeFile(temporaryPath, report, { flag: 'wx', mode: 0o600 });
    await promises.rename(temporaryPath, reportPath);
  };

  const end = async (): Promise<void> => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort?.postMessage('there?');
    await sleep(answerWithinMs);
    const stack = isThere ? [] : await stackOfMainThread().catch(() => []);
    const held = isThere ? 'it waits for something that does not happen' : 'its event loop is blocked';
    const message = `The agent made no progress for ${Math.round(expectedMs / 1000)} s because ${held}. The watchdog ends the process with exit code ${exitCode} so that it is restarted.`;
    const at = new Date().toISOString();
    await log(
      logFormat === 'json'
        ? `${JSON.stringify({ time: at, level: 'error', message, fields: { stack } })}\n`
        : `${at} error ${message}${stack.length > 0 ? ` stack=${JSON.stringify(stack)}` : ''}\n`,
    );
    const report = `${JSON.stringify({ format: 1, at, message, stack })}\n`;
    await Promise.race([replaceReport(report).catch(() => undefined), sleep(stackWithinMs)]);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    if (isThere) parentPort?.postMessage('end');
    else void inMainThread(endExpression).catch(() => undefined);
    await sleep(endsWithinMs);
    process.kill(process.pid, 'SIGKILL');
  };

  parentPort?.on('message', (message: number | 'here') => {
    if (message === 'here') isThere = true;
    else leftMs = expectedMs = message;
  });
  const ticking = setInterval(() => {
    if (leftMs === undefined) return;
    leftMs -= tickMs;
    if (leftMs > 0) return;
    clearInterval(ticking);
    void end();
  }, tickMs / speed);
}
