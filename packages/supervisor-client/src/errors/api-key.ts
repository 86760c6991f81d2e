/** A key must be visible ASCII to fit in a header. The Supervisor's own keys are letters and digits. */
export function isSendableKey(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key);
}

export const unsendableKey =
  'The Supervisor API key contains characters that cannot be sent (a space, a line break or a non-ASCII character). Copy it exactly from BALENA_SUPERVISOR_API_KEY, without quotes or a trailing line break.';

/** Removes the key from text that others wrote, in every form in which the client sends it. */
export function redactKey(text: string, key: string | undefined): string {
  const withoutQuery = text.replaceAll(/[?&]apikey=[^\s"'<>]*/gi, '');
  if (key === undefined) return withoutQuery;
  return withoutQuery.replaceAll(key, '[redacted]').replaceAll(encodeURIComponent(key), '[redacted]');
}
