import { foreignStatus, type NodeFacts, type PublishedStatus } from '@serve.zone/baseos-runner-core';
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
      return warn(
        `It is not known whether the agent is running: this user may not read ${published.path}.`,
        'Run this command as the user that the agent runs as.',
      );
    case 'foreign': {
      const { message, remedy } = foreignStatus(published, directory);
      return warn(message, remedy);
    }
    default:
      if (isHeld) return heldBySomebody(directory);
      return warn(
        published.kind === 'stale' ? 'The agent is not running; the last one was killed.' : 'The agent is not running.',
        'Start the container, or run: baserunner start',
      );
  }
}

function heldBySomebody(directory: string): Judgement {
  return warn(
    `An agent uses ${directory} but publishes no status here. It has just started, it hangs, or it runs in another container or with another BASEOS_RUN_PATH.`,
    'Check its log. An agent that you start here waits until the other one has ended.',
  );
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
