/** A signal that arrived before this program listened may make Node open its inspector a moment later. */
const lookAgainMs = 1000;

/** By default Node opens its inspector at SIGUSR1 and ends at SIGUSR2. An inspector that a flag asked for stays open. */
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
