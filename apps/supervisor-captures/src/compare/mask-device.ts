/**
 * The text without what is different on every device: of IDs, digests and keys only the length stays, and of a container
 * engine that cannot be reached neither its socket nor in which way it is gone.
 */
export function maskDevice(text: string): string {
  return text
    .replace(/(?<![0-9a-z])[0-9a-f]{32,}(?![0-9a-z])/g, (id) => `<${id.length} hex digits>`)
    .replace(/\bconnect E[A-Z]+ \/\S+\.sock\b/g, '<no container engine>');
}
