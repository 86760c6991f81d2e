import { Worker } from 'node:worker_threads';

export type SqlValue = string | number | null;

/** Reads a database in a thread of its own, because SQLite blocks the thread that it works in. */
export interface ReadingWorker {
  /** Resolves with the rows of one statement. One is read after the other. */
  rows(this: void, sql: string, values: readonly SqlValue[]): Promise<unknown[]>;
  /** Closes the connection, after the statement that is being read. What waits rejects. The next read starts anew. */
  end(this: void, reason: Error): void;
}

export interface ReadingWorkerOptions {
  path: string;
  busyTimeoutMs: number;
  /** How long the thread waits for the next read. */
  idleMs?: number;
}

const IDLE_MS = 60_000;

/** How long the end of the thread may block: as long as most reads take. */
const END_WITHIN_MS = 1000;

/**
 * The thread runs from this text, so it needs no file of its own in a bundle. It keeps the connection open, and answers in the
 * order in which it was asked.
 */
const THREAD = `
const { DatabaseSync } = require('node:sqlite');
const { parentPort, workerData: { path, busyTimeoutMs, ended } } = require('node:worker_threads');
let database;
function open() {
  database = new DatabaseSync(path, { readOnly: true });
  database.exec('PRAGMA busy_timeout = ' + busyTimeoutMs);
  return database;
}
function answerOf({ sql, values }) {
  try {
    return { rows: (database ?? open()).prepare(sql).all(...values) };
  } catch ({ message, errcode }) {
    return { message, errcode };
  }
}
parentPort.on('message', (asked) => {
  if (asked) return parentPort.postMessage(answerOf(asked));
  database?.close();
  Atomics.store(ended, 0, 1);
  Atomics.notify(ended, 0);
  parentPort.close();
});
`;

type Answer = { rows: unknown[] } | { message: string; errcode?: number };

interface Waiting {
  resolve(this: void, rows: unknown[]): void;
  reject(this: void, error: unknown): void;
}

interface Running {
  worker: Worker;
  ended: Int32Array;
  waiting: Waiting[];
}

/** A thread that is started at the first read, and ends after a minute without one. It keeps no process alive while it idles. */
export function createReadingWorker({ path, busyTimeoutMs, idleMs = IDLE_MS }: ReadingWorkerOptions): ReadingWorker {
  let running: Running | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const end = (reason: Error): void => {
    clearTimeout(timer);
    if (!running) return;
    const { worker, ended, waiting } = running;
    running = undefined;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(undefined);
    Atomics.wait(ended, 0, 0, END_WITHIN_MS);
    void worker.terminate();
    for (const { reject } of waiting) reject(reason);
  };

  const idle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => end(new Error('The thread was idle')), idleMs);
    timer.unref();
  };

  const start = (): Running => {
    const ended = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(THREAD, {
      eval: true,
      name: 'fleet-reader',
      // This process was told already that node:sqlite is experimental.
      execArgv: ['--no-warnings'],
      workerData: { path, busyTimeoutMs, ended },
    });
    const started: Running = { worker, ended, waiting: [] };
    const lose = (error: unknown): void => {
      if (running === started) running = undefined;
      for (const { reject } of started.waiting.splice(0)) reject(error);
    };
    worker.on('message', (answer: Answer) => {
      settle(started.waiting.shift(), answer);
      if (started.waiting.length > 0) return;
      worker.unref();
      if (running === started) idle();
    });
    worker.on('error', lose);
    worker.on('exit', () => lose(new Error('The thread that reads the database has ended')));
    return started;
  };

  return {
    rows: (sql, values) =>
      new Promise((resolve, reject) => {
        clearTimeout(timer);
        running ??= start();
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        running.worker.postMessage({ sql, values });
        running.worker.ref();
        running.waiting.push({ resolve, reject });
      }),
    end,
  };
}

function settle(waiting: Waiting | undefined, answer: Answer): void {
  if ('rows' in answer) waiting?.resolve(answer.rows);
  else waiting?.reject(Object.assign(new Error(answer.message), { errcode: answer.errcode }));
}
