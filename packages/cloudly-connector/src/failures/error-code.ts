/** The code of an error, if it looks like one. Anything else could repeat data from the network. */
export function codeOf(error: object): string | undefined {
  return 'code' in error && typeof error.code === 'string' && /^[A-Z]\w{2,47}$/.test(error.code)
    ? error.code
    : undefined;
}
