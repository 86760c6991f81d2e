/** What a key may be: visible ASCII. Anything else cannot be written in a header. The Supervisor's own are letters and digits. */
export function isSendableKey(key: string): boolean {
  return /^[\x21-\x7e]+$/.test(key);
}

export const unsendableKey =
  'The Supervisor API key holds characters that cannot be sent (a space, a line break or a character that is not ASCII). Take it as it stands in BALENA_SUPERVISOR_API_KEY, without quotes or a line break after it.';

/** Takes the key out of a text that others wrote: in each form in which the client sent it, and whatever stands as one. */
export function redactKey(text: string, key: string | undefined): string {
  const withoutQuery = text.replaceAll(/[?&]apikey=[^\s"'<>]*/gi, '');
  if (key === undefined) return withoutQuery;
  return withoutQuery.replaceAll(key, '[redacted]').replaceAll(encodeURIComponent(key), '[redacted]');
}
