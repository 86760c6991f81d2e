const PASSWORD_MIN_LENGTH = 12;
const PASSWORD_MAX_LENGTH = 256;

const DIFFERENT_MIN = 5;

/** Why this is no password for somebody of this name, in a sentence; `undefined` if it is. It never repeats the password. */
export function passwordMistake(password: string, name: string): string | undefined {
  const characters = Array.from(password.normalize('NFKC'));
  if (characters.length < PASSWORD_MIN_LENGTH) return `A password has at least ${PASSWORD_MIN_LENGTH} characters`;
  if (password.length > PASSWORD_MAX_LENGTH) return `A password has at most ${PASSWORD_MAX_LENGTH} characters`;
  if (!password.isWellFormed()) return 'The password has characters that are not text';
  if (new Set(characters).size < DIFFERENT_MIN) return 'The password repeats a few characters';
  return isOf(name, password) ? 'The password is little more than the name' : undefined;
}

/** Apart from a name, a few characters are left. */
function isOf(name: string, password: string): boolean {
  const rest = password.toLowerCase().replaceAll(name.toLowerCase(), '');
  return rest.length < password.length && rest.length < PASSWORD_MIN_LENGTH / 2;
}
