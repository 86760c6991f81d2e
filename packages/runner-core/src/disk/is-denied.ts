import { errorCode } from './error-code.js';

/** Whether a file-system error is a refusal of this user. */
export function isDenied(error: unknown): boolean {
  return ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');
}
