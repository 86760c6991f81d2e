import { FleetError, isFleetError } from '@serve.zone/baseos-cloudly-handlers';
import type { Issue } from '@serve.zone/baseos-contracts';
import { FleetApiError, isFleetApiError } from './fleet-api-error.js';
import { type FleetProblemCode, fleetProblems, isFleetErrorCode, isRequestProblemCode } from './problem-table.js';

/** A problem document (RFC 9457) of the API. */
export interface FleetProblem {
  /** A tag URI (RFC 4151) that ends in the code. */
  type: string;
  title: string;
  status: number;
  code: FleetProblemCode;
  /** What happened in this case. */
  detail: string;
  /** What to do about it, in sentences. */
  remedy: string;
  /** With `malformed-request`: each place and the rule that it breaks, never the value. */
  issues?: readonly Issue[];
  /** With `node-ambiguous` and `rival-unknown`: what there is to choose from. */
  candidates?: readonly string[];
}

/** The document for an error; `undefined` for one that is none of ours. */
export function problemOf(error: unknown): FleetProblem | undefined {
  const isOfRequest = isFleetApiError(error) && isRequestProblemCode(error.code);
  if (!isOfRequest && !isFleetError(error)) return undefined;
  const code = error.code as FleetProblemCode;
  const { message, remedy } = error;
  const problem = { type: `tag:serve.zone,2026:baseos:fleet-problem:${code}`, ...fleetProblems[code], code };
  const { candidates = [], issues = [] } = error as { candidates?: readonly string[]; issues?: readonly Issue[] };
  return {
    ...problem,
    detail: message,
    remedy,
    ...(issues.length > 0 && { issues }),
    ...(candidates.length > 0 && { candidates }),
  };
}

/** The error that a document tells of; `undefined` for what is no document of this API. */
export function errorOf(document: unknown, retryAfterMs?: number): Error | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const { code, detail, remedy, candidates, issues } = document as Partial<FleetProblem>;
  if (typeof detail !== 'string' || typeof remedy !== 'string') return undefined;
  if (isFleetErrorCode(code)) return new FleetError(code, detail, { remedy, candidates: candidates ?? [] });
  return isRequestProblemCode(code) ? new FleetApiError(code, detail, { remedy, issues, retryAfterMs }) : undefined;
}
