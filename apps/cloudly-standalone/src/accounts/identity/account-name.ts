export const NAME_MAX_LENGTH = 64;

/** How a name is kept and compared, however it was typed. */
export function foldName(typed: string): string {
  return typed.trim().toLowerCase();
}

/** Why nobody can have this name, in a sentence; `undefined` if somebody can. */
export function nameMistake(name: string): string | undefined {
  if (name.length > NAME_MAX_LENGTH) return `A name has at most ${NAME_MAX_LENGTH} characters`;
  if (/^[a-z\d](?:[a-z\d._@+-]*[a-z\d])?$/.test(name)) return undefined;
  return 'A name consists of the letters a to z, digits, and . _ @ + - between them';
}
