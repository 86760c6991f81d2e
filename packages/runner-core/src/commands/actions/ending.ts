import type { CommandResult } from '@serve.zone/baseos-contracts';
import type { Ending } from './command-action.js';

type Details = CommandResult['details'];

export function succeeded(details?: Details): Ending {
  return { outcome: 'succeeded', ...(details && { details }) };
}

/**
 * @param code a stable word for programs
 * @param message for a person: what happened, and what to do
 */
export function failed(code: string, message: string, details?: Details): Ending {
  return endingOf('failed', { code, message }, details);
}

/** The safety of the agent, or what was ordered, forbids it; nothing was done. */
export function refused(code: string, message: string, details?: Details): Ending {
  return endingOf('refused', { code, message }, details);
}

/** It is not known whether it was carried out. */
export function interrupted(message: string): Ending {
  return endingOf('interrupted', { code: 'outcome-unknown', message });
}

function endingOf(outcome: Ending['outcome'], error: { code: string; message: string }, details?: Details): Ending {
  return { outcome, error, ...(details && { details }) };
}
