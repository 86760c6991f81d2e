import { type FoundStatus, foreignStatus, type StateExamination } from '@serve.zone/baseos-runner-core';
import { fail, type Judgement, pass, warn } from './finding.js';

/** Which agent uses the state directory, and what it says of itself. */
export function judgeAgent(found: FoundStatus, { isHeld, directory }: StateExamination): Judgement {
  if (found.kind === 'live') return judgeLive(found.published);
  if (found.kind === 'unreadable') {
    return warn(
      `Whether the agent runs is not known: ${found.path} is not open to this user.`,
      'Run this as the user that the agent runs as.',
    );
  }
  if (found.kind === 'foreign') {
    const { message, remedy } = foreignStatus(found, directory);
    return warn(message, remedy);
  }
  if (isHeld) {
    return warn(
      `An agent holds ${directory}, but shows no status here: it has just started, hangs, or runs in another container or with another BASEOS_RUN_PATH.`,
      'Look at its log. One that is started here waits until it has ended.',
    );
  }
  return warn(
    found.kind === 'stale'
      ? 'No agent runs: the one that ran last was killed.'
      : 'No agent runs on this state directory.',
    'Start it: baserunner start, or the container.',
  );
}

function judgeLive({ agent, status, writtenAt }: Extract<FoundStatus, { kind: 'live' }>['published']): Judgement {
  const { state, connectivity, problem, lastSuccessAt, next, approvalCode } = status.cloudly;
  const facts = { ...agent, writtenAt, state, connectivity, lastSuccessAt, problem: problem?.code, approvalCode };
  const due = next ? ` Its next call, ${next.call}, is due at ${next.at} (${next.because}).` : '';
  const who = `Agent ${agent.version} runs (process ${agent.pid}): ${state}, ${connectivity}.${due}`;
  if (!problem || state === 'not-configured') return pass(who, facts);
  const code = approvalCode === undefined ? '' : ` Approval code: ${approvalCode}.`;
  const message = `${who} ${problem.message}${code}`;
  return connectivity === 'rejected' ? fail(message, problem.remedy, facts) : warn(message, problem.remedy, facts);
}
