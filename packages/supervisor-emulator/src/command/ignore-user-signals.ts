/** A signal before this program listened may have Node open its inspector a moment later. */
const lookAgainMs = 1000;

/** By itself Node would open its inspector at SIGUSR1, and end at SIGUSR2. One that a flag asked for stays open. */
export function ignoreUserSignals(): void {
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) process.on(signal, () => undefined);
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  if (flags.some((flag) => /^--inspect(-brk|-wait)?(=|$)/.test(flag))) return;
  closeInspector();
  setImmediate(closeInspector);
  setTimeout(closeInspector, lookAgainMs).unref();
}

function closeInspector(): void {
  try {
    const inspector = process.getBuiltinModule('node:inspector');
    if (inspector.url() !== undefined) inspector.close();
  } catch {
    // Other runtimes have no inspector of this kind.
  }
}
