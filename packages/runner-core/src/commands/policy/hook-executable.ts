import { Buffer } from 'node:buffer';
import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import process from 'node:process';
import { errorCode } from '../../disk/error-code.js';
import type { Problem } from '../../values/problem.js';
import { hookProblem } from './hook-problems.js';

/** Why a hook cannot be executed, as far as that shows without executing it; `undefined` if it can. */
export async function findHookProblem(path: string): Promise<Problem | undefined> {
  const reason = await whyNotExecutable(path).catch((error: unknown) => errorCode(error) ?? 'unknown reason');
  return reason === undefined ? undefined : hookProblem('hook-not-executable', { path, reason });
}

async function whyNotExecutable(path: string): Promise<string | undefined> {
  await access(path, constants.X_OK);
  if (!(await stat(path)).isFile()) return 'it is not a file';
  const head = await readHead(path);
  return head && whyNotRunnable(head, process.arch);
}

const headBytes = 20;

/** Nothing for a program that may be executed and not read. */
async function readHead(path: string): Promise<Buffer | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (errorCode(error) === 'EACCES') return undefined;
    throw error;
  }
}

/**
 * Why the kernel does not execute a file that begins so. The C library and shells then try it as a shell script, so that any
 * exit code may follow. Pure.
 */
function whyNotRunnable(head: Uint8Array, arch: string): string | undefined {
  const bytes = Buffer.from(head);
  if (bytes.subarray(0, 2).toString('latin1') === '#!') return undefined;
  if (bytes.subarray(0, 4).toString('latin1') !== '\u007FELF') return 'it is no program, and does not begin with #!';
  const machines = machinesOf[arch];
  if (bytes.length < headBytes || machines === undefined) return undefined;
  const machine = bytes[5] === 2 ? bytes.readUInt16BE(18) : bytes.readUInt16LE(18);
  return machines.includes(machine) ? undefined : `it is built for another processor than ${arch}`;
}

/** By Node's names: `e_machine` of what such a kernel may run, as elf(5) numbers it. */
const machinesOf: Readonly<Record<string, readonly number[] | undefined>> = {
  x64: [62, 3],
  ia32: [3, 62],
  arm64: [183, 40],
  arm: [40, 183],
};
