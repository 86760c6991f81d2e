/** The user that this process acts as. `undefined` where there is none, or where the runtime forbids the question. */
export function effectiveUid(): number | undefined {
  try {
    return process.geteuid?.();
  } catch {
    return undefined;
  }
}
