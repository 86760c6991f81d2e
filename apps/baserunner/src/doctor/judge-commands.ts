import {
  acceptedCommands,
  type NodeFacts,
  type PublishedStatus,
  type RunnerConfig,
  type ShownCommand,
} from '@serve.zone/baseos-runner-core';
import type { CommandHookFacts } from '../facts/probe-command-hook.js';
import { describeDuration } from '../status/describe-duration.js';
import { describeOpenCommand, nameOfCommand } from '../status/describe-open-command.js';
import { fail, type Judgement, pass, skip, warn } from './finding.js';

/** A command that does one thing for so long does not get on by itself. */
const STUCK_AFTER_MS = 60 * 60_000;

/** A device can have 16 open commands, which often wait for the same. */
const COMMANDS_TOLD = 3;

export interface CommandFacts {
  config: RunnerConfig;
  node: Pick<NodeFacts, 'published' | 'journal' | 'wallMs'>;
  hook: CommandHookFacts | undefined;
}

/** Whether Cloudly's commands can be carried out, and whether one of them is stuck. */
export function judgeCommands({ config, node, hook }: CommandFacts): Judgement {
  if (config.supervisorAddress === undefined) return skip('Skipped: there is no Supervisor that carries commands out.');
  const { kinds, because } = acceptedCommands(config);
  const facts = { accepted: kinds, waiting: idsOf(node, 'waiting'), running: idsOf(node, 'running') };
  const live = node.published.kind === 'live' ? node.published.published : undefined;
  const { problem, undecided } = live?.status.commands ?? {};
  const hookProblem = hook?.problem ?? undecided;
  if (hookProblem) {
    const message = `${hookProblem.message} Every command is postponed until that is corrected.`;
    return fail(message, hookProblem.remedy, { ...facts, hook: hook?.path });
  }
  if (problem) return fail(`No command can begin. ${problem.message}`, problem.remedy, facts);
  const open = live ? openCommands(live, node.wallMs) : [];
  const stuck = open.find(({ sinceMs = 0 }) => sinceMs >= STUCK_AFTER_MS);
  if (stuck) return warn(`The command ${wordsOf(stuck)}`, remedyFor(stuck), { ...facts, stuck: stuck.id });
  if (open.length > 0) return pass(summaryOf(open), facts);
  if (kinds.length === 0) {
    return pass(`Cloudly may command nothing${because === undefined ? '' : `, because ${because}`}.`, facts);
  }
  const ofEarlier = node.journal?.notice;
  if (ofEarlier) return warn(ofEarlier.message, ofEarlier.remedy, facts);
  return pass(`Cloudly may command ${kinds.join(', ')}. No command is open.`, facts);
}

type Open = ShownCommand & { state: 'running' | 'waiting' };

/** With their times as of now. */
function openCommands({ status, writtenAt }: PublishedStatus, nowMs: number): Open[] {
  const ageMs = Math.max(0, nowMs - Date.parse(writtenAt));
  // An agent of an earlier version publishes none.
  const { running = [], waiting = [] } = status.commands ?? {};
  const current = (state: Open['state']) => (command: ShownCommand) => ({
    ...command,
    state,
    sinceMs: command.sinceMs === undefined ? undefined : command.sinceMs + ageMs,
  });
  return [...running.map(current('running')), ...waiting.map(current('waiting'))];
}

function summaryOf(open: readonly Open[]): string {
  const first = open.slice(0, COMMANDS_TOLD).map((command) => `The command ${wordsOf(command)}`);
  const rest = open.length - first.length;
  return [...first, ...(rest > 0 ? [`${rest} more ${rest === 1 ? 'is' : 'are'} open.`] : [])].join(' ');
}

function wordsOf(command: Open): string {
  const words = describeOpenCommand(command, command.state === 'running' ? 'running' : 'waiting for its turn');
  const verb = command.sinceMs === undefined ? 'is' : 'has been';
  return `${nameOfCommand(command)} ${verb} ${words}${/[.!?]$/.test(words) ? '' : '.'}`;
}

function remedyFor({ phase, sinceMs = 0 }: Open): string {
  switch (phase) {
    case 'waiting-for-lock':
      return 'Release the update lock of that service, or cancel the command and queue it again with force.';
    case 'postponed':
      return 'Remove what the reason names, or cancel the command in Cloudly.';
    case 'downloading':
      return "Check the device's connection to the registry and its free storage.";
    default:
      return `Check the log of the Supervisor. The command has been at this for ${describeDuration(sinceMs)}, and ends by itself when its time is over.`;
  }
}

function idsOf({ published }: CommandFacts['node'], state: Open['state']): readonly string[] {
  const commands = published.kind === 'live' ? published.published.status.commands?.[state] : undefined;
  return commands?.map(({ id }) => id) ?? [];
}
