import {
  isSupervisorError,
  type SupervisorError,
  type SupervisorErrorCode,
  type SupervisorLock,
} from '@serve.zone/balena-supervisor-client';
import type { Problem } from '../values/problem.js';
import { ReadTimeout } from './read-timeout.js';
import { supervisorProblems } from './supervisor-problems.js';

/** A failed call to the Supervisor, in words for the operator of the device. */
export interface SupervisorProblem extends Problem {
  code: SupervisorErrorCode;
  /** With code `locked`. */
  lock?: SupervisorLock;
  /** Method and path of the call. */
  endpoint?: string;
}

/**
 * @param address of the Supervisor, to be named where it matters
 * @throws what is no error of the Supervisor: a defect
 */
export function describeSupervisorError(error: unknown, address?: string): SupervisorProblem {
  if (error instanceof ReadTimeout) return wordsOf({ code: 'timeout' }, address, `within ${error.timeoutMs / 1000} s`);
  if (!isSupervisorError(error)) throw error;
  return wordsOf(error, address, 'in time');
}

type FailedCallError = Pick<SupervisorError, 'code'> & Partial<Pick<SupervisorError, 'lock' | 'endpoint' | 'what'>>;

function wordsOf(
  { code, lock, endpoint, what = '' }: FailedCallError,
  address: string | undefined,
  time: string,
): SupervisorProblem {
  const origin = originOf(address);
  const words = supervisorProblems[lock ?? code];
  const said = words.message({
    at: origin === undefined ? '' : ` at ${origin}`,
    endpoint: endpoint ?? 'The Supervisor',
    what,
    time,
  });
  return {
    code,
    ...(lock !== undefined && { lock }),
    ...(endpoint !== undefined && { endpoint }),
    message: code === 'timeout' && endpoint?.startsWith('POST ') ? `${said} ${doubt}` : said,
    remedy: words.remedy,
  };
}

const doubt = 'It may still carry out the request.';

/** Without the other parts of the URL. */
function originOf(address: string | undefined): string | undefined {
  return address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;
}
