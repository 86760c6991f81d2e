/** In the order in which they are shown: each depends on those before it. */
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
  'waking',
  'commands',
] as const;

export type CheckName = (typeof checkNames)[number];

/** The result of a check. `warn`: it works, but needs attention. `skip`: there is nothing to check, or it cannot be checked. */
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
