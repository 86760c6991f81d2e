/** How Cloudly's tokens begin, also those of operators. */
const tokenPrefix = /b(?:[jno]t|oi)_/;

/** A run of characters as long as this is seldom a word. */
const tokenRun = /[\w+=-]{24,}/;

/** Whether a value is, or has in it, a token of Cloudly. */
export function hasTokenPrefix(text: string): boolean {
  return tokenPrefix.test(text);
}

/**
 * Whether a value must not be quoted, although its variable holds no secret: a person may have put one there.
 *
 * @param secrets the values of the variables that do hold one
 */
export function mayBeSecret(text: string, secrets: readonly string[]): boolean {
  // A value with one of these may be a URL that contains a password or a token.
  return (
    /[@?]/.test(text) || hasTokenPrefix(text) || tokenRun.test(text) || secrets.some((secret) => text.includes(secret))
  );
}
