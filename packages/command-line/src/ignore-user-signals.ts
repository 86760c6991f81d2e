import process from 'node:process';

/** When to check again whether a signal that arrived before this program was listening has opened the inspector. */
const LOOK_AGAIN_MS = 1000;

/**
 * Ignores SIGUSR1 and SIGUSR2. Node itself would open its inspector at the first, through which anybody who reaches the
 * port reads every secret of the process, and end at the second. Call this before anything else: it closes an inspector
 * that opened earlier, unless a flag requested it.
 */
export function ignoreUserSignals(): void {
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) {
    if (process.listenerCount(signal) === 0) process.on(signal, () => undefined);
  }
  if (isInspectorWanted()) return;
  closeInspector();
  // A thread of Node itself opens it, and may be about to.
  setImmediate(closeInspector);
  setTimeout(closeInspector, LOOK_AGAIN_MS).unref();
}

function isInspectorWanted(): boolean {
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return flags.some((flag) => /^--inspect(-brk|-wait)?(=|$)/.test(flag));
}

function closeInspector(): void {
  try {
    const inspector = process.getBuiltinModule('node:inspector');
    if (inspector.url() !== undefined) inspector.close();
  } catch {
    // Other runtimes have no inspector of this kind.
  }
}
