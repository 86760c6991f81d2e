/** A code that an error gives, if it looks like one: anything else might repeat what came over the network. */
export function codeOf(error: object): string | undefined {
  return 'code' in error && typeof error.code === 'string' && /^[A-Z]\w{2,47}$/.test(error.code)
    ? error.code
    : undefined;
}
