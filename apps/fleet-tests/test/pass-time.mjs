// Loaded into a process before its program (`--import`): on SIGUSR2, 70 minutes pass at once. Its clocks go on by as much, and
// what waits for a minute or more has waited; where nothing does, the next one to wait that long has.
const PASSING_MS = 70 * 60_000;
const LONG_MS = 60_000;

let aheadMs = 0;
let isNextOver = false;
const waiting = new Map();

const { now: wallNow } = Date;
const monotonicNow = performance.now.bind(performance);
Date.now = () => wallNow() + aheadMs;
performance.now = () => monotonicNow() + aheadMs;

const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;
globalThis.setTimeout = (work, delayMs, ...parameters) => {
  if (!(delayMs >= LONG_MS)) return startTimer(work, delayMs, ...parameters);
  if (isNextOver) {
    isNextOver = false;
    aheadMs += PASSING_MS;
    return startTimer(work, 0, ...parameters);
  }
  const timer = startTimer(end, delayMs);
  function end() {
    waiting.delete(timer);
    work(...parameters);
  }
  waiting.set(timer, end);
  return timer;
};
globalThis.clearTimeout = (timer) => {
  waiting.delete(timer);
  stopTimer(timer);
};

process.on('SIGUSR2', () => {
  aheadMs += PASSING_MS;
  isNextOver = waiting.size === 0;
  for (const [timer, end] of waiting) {
    stopTimer(timer);
    end();
  }
  process.stderr.write(`Time has passed: ${aheadMs / 60_000} minutes.\n`);
});
