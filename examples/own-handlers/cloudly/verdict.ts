import type {
  HeartbeatAnswer,
  JudgedProblem,
  ProblemCode,
  RegisterAccepted,
  RegisterPending,
} from '@serve.zone/baseos-contracts';

/** The common members of every answer are added when it is written. */
type Particulars<Answer> = Answer extends object ? Omit<Answer, 'protocol' | 'cloudlyId' | 'serverTime'> : never;

export interface Acceptance {
  status: 200 | 201 | 202;
  body: Particulars<RegisterAccepted | RegisterPending | HeartbeatAnswer>;
  retryAfterMs?: number;
}

export interface Refusal {
  problem: JudgedProblem;
  retryAfterMs?: number;
}

/** The verdict on a request, before it is written as HTTP. */
export type Verdict = Acceptance | Refusal;

export function refuse(code: ProblemCode, particulars: Omit<JudgedProblem, 'code'> = {}): Refusal {
  return {
    problem: { code, ...particulars },
  };
}
