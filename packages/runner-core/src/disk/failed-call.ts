import { constants } from 'node:os';
import { errorCode } from './error-code.js';

/** The call to the file system that failed, as far as its error says. */
export interface FailedCall {
  /** The file that the call was about. */
  blocked: string;
  /** The file that should have taken its name. */
  moved: string | undefined;
  code: string | undefined;
  syscall: string | undefined;
}

/** @param path what the call was about, where the error does not say */
export function failedCall(error: unknown, path: string): FailedCall {
  const target = memberOf(error, 'dest');
  return {
    // A rename is about the file that it replaces.
    blocked: target ?? memberOf(error, 'path') ?? path,
    moved: target === undefined ? undefined : memberOf(error, 'path'),
    code: codeOf(error),
    syscall: memberOf(error, 'syscall'),
  };
}

function memberOf(error: unknown, member: 'dest' | 'path' | 'syscall'): string | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, member) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** libuv has no name for some of the codes. */
function codeOf(error: unknown): string | undefined {
  const code = errorCode(error);
  if (code === undefined || !code.startsWith('Unknown system error')) return code;
  const number = Math.abs(Number(code.replace(/^\D*/, '')));
  return unnamedCodes.get(number) ?? Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? code;
}

const unnamedCodes: ReadonlyMap<number, string> = new Map([
  [117, 'EUCLEAN'],
  [121, 'EREMOTEIO'],
  [123, 'ENOMEDIUM'],
]);
