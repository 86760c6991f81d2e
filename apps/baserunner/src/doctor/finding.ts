/** In the order in which they are made and shown: each rests on those before it. */
export const checkNames = [
  'configuration',
  'state directory',
  'state file',
  'clock',
  'name lookup',
  'connection',
  'TLS',
  'Cloudly',
  'join token',
  'Supervisor address',
  'Supervisor key',
  'Supervisor version',
  'Supervisor apps',
  'update lock',
  'agent',
] as const;

export type CheckName = (typeof checkNames)[number];

/** What a check came to. `warn`: it works, and somebody should look at it. `skip`: there is nothing to check. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'skip';

export interface Judgement {
  verdict: Verdict;
  /** What was found, in sentences. */
  message: string;
  /** What to do about it. */
  remedy?: string | undefined;
  /** The facts behind the message, for programs. Nothing in them is secret. */
  facts?: Readonly<Record<string, unknown>> | undefined;
}

export interface Finding extends Judgement {
  check: CheckName;
}

type Facts = Judgement['facts'];

export function pass(message: string, facts?: Facts): Judgement {
  return { verdict: 'pass', message, facts };
}

export function skip(message: string): Judgement {
  return { verdict: 'skip', message };
}

export function warn(message: string, remedy: string, facts?: Facts): Judgement {
  return {
    verdict: 'warn',
    message,
    remedy,
    facts,
  };
}

export function fail(message: string, remedy: string, facts?: Facts): Judgement {
  return {
    verdict: 'fail',
    message,
    remedy,
    facts,
  };
}
