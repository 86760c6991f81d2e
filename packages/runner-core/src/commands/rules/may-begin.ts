const passing: ReadonlySet<string> = new Set(['blink', 'preview']);

/**
 * Whether a command may begin beside those that the Supervisor was asked for and that have not ended: one at a time, but
 * what changes nothing passes an update, which may take hours.
 */
export function mayBegin(kind: string, askedKinds: readonly string[]): boolean {
  return askedKinds.length === 0 || (passing.has(kind) && askedKinds.every((asked) => asked === 'update'));
}
