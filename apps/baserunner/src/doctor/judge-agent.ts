import {
  type NodeFacts,
  type PublishedStatus,
  statusElsewhere,
  statusForeign,
  type StatusNotice,
  statusUnreadable,
} from '@serve.zone/baseos-runner-core';
import { fail, type Judgement, pass, warn } from './finding.js';

/** Which agent uses the state directory, and what it reports. */
export function judgeAgent(
  { published, isHeld }: Pick<NodeFacts, 'published' | 'isHeld'>,
  directory: string,
): Judgement {
  switch (published.kind) {
    case 'live':
      return judgeLive(published.published);
    case 'unreadable':
      return warned(statusUnreadable(published));
    case 'foreign':
      return warned(statusForeign(published, directory));
    default:
      if (isHeld) return warned(statusElsewhere(directory));
      return warn(
        published.kind === 'stale' ? 'The agent is not running; the last one was killed.' : 'The agent is not running.',
        'Start the container, or run: baserunner start',
      );
  }
}

function warned({ code, message, remedy }: StatusNotice): Judgement {
  return warn(message, remedy, { code });
}

function judgeLive({ agent, status, writtenAt }: PublishedStatus): Judgement {
  const { state, connectivity, problem, lastSuccessAt, next, approvalCode } = status.cloudly;
  const facts = { ...agent, writtenAt, state, connectivity, lastSuccessAt, problem: problem?.code, approvalCode };
  const due = next ? ` Next call: ${next.call} at ${next.at} (${next.because}).` : '';
  const who = `Agent ${agent.version} is running (process ${agent.pid}): ${state}, ${connectivity}.${due}`;
  if (!problem || state === 'not-configured') return pass(who, facts);
  const code = approvalCode === undefined ? '' : ` Approval code: ${approvalCode}.`;
  const message = `${who} ${problem.message}${code}`;
  return connectivity === 'rejected' ? fail(message, problem.remedy, facts) : warn(message, problem.remedy, facts);
}
