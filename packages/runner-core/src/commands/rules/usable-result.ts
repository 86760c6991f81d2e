import { Buffer } from 'node:buffer';
import { type CommandResult, commandResultSchema, limits, safeText } from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import type { Ending } from '../actions/command-action.js';

/** The result of a command, within the limits of the contract: a result that a reader drops would be sent for ever. */
export function usableResult(id: string, { outcome, error, details }: Ending, durationMs?: number): CommandResult {
  const result: CommandResult = {
    id,
    outcome,
    ...(durationMs !== undefined && { durationMs: Math.max(0, Math.round(durationMs)) }),
    ...(error && {
      error: {
        code: safeText(error.code, 64) ?? 'unknown',
        message: safeText(error.message, limits.commandMessageMaxLength) ?? 'No reason was given.',
      },
    }),
    ...(details && isSmall(details) && { details }),
  };
  return v.is(commandResultSchema, result) ? result : reducedResult(result);
}

/** The least that says how a command ended: Cloudly refused more of it. */
export function reducedResult({ id, outcome, error }: CommandResult): CommandResult {
  if (error === undefined) return { id, outcome };
  const code = /^[\w-]{1,64}$/.test(error.code) ? error.code : 'unknown';
  return {
    id,
    outcome,
    error: { code, message: 'The device has more to say about it, which Cloudly did not accept.' },
  };
}

function isSmall(details: NonNullable<CommandResult['details']>): boolean {
  try {
    return Buffer.byteLength(JSON.stringify(details)) <= limits.commandDetailsMaxBytes;
  } catch {
    return false;
  }
}
