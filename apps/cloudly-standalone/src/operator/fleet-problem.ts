import { type FleetErrorCode, isFleetError } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { OperationError } from '../command/command-context.js';

/** An error of the fleet as an operator reads it: a mistake in what was typed, or what cannot be done. Others stay. */
export function fleetProblem(error: unknown): unknown {
  if (!isFleetError(error)) return error;
  const sentences = `${error.message}. ${error.remedy}`;
  return typed.has(error.code) ? new UsageError(sentences) : new OperationError(sentences);
}

const typed: ReadonlySet<FleetErrorCode> = new Set([
  'selector-invalid',
  'label-invalid',
  'value-invalid',
  'command-invalid',
]);
