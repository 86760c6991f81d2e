import { escapeControls } from '@serve.zone/baseos-command-line';
import type { CommandsReport, DescribedCommand } from '@serve.zone/baseos-runner-core';
import type { Colour, Paint } from '../cli/terminal.js';
import { describeDuration } from './describe-duration.js';
import { describeOpenCommand, nameOfCommand } from './describe-open-command.js';

/** The record of commands for people, the newest last. Text from elsewhere cannot forge a line. */
export function humanCommands(
  { accepted, running, updates, commands, problem, undecided }: CommandsReport,
  paint: Paint,
): string {
  const { kinds, force, because } = accepted;
  const accepts =
    kinds.length === 0 ? `nothing${because === undefined ? '' : `, because ${because}`}` : kinds.join(', ');
  const lines = [
    `Accepts   ${accepts}${force ? ', with force' : ''}`,
    ...(updates === undefined ? [] : [`Updates   ${updates}, as Cloudly wants it`]),
    ...[problem, undecided].flatMap((found) =>
      found ? [`Problem   ${escapeControls(found.message)}`, `          -> ${found.remedy}`] : [],
    ),
    ...(commands.length === 0 ? ['Commands  none yet'] : ['']),
    ...commands.flatMap((command) => linesOf(command, { isRunning: running, paint })),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const NAME_WIDTH = 24;

function linesOf(
  command: DescribedCommand,
  { isRunning, paint }: { isRunning: boolean | undefined; paint: Paint },
): string[] {
  const { id, takenAt, commit, force, errorCode, message } = command;
  const name = [nameOfCommand(command), commit && `to ${commit}`, force && 'by force'].filter(Boolean).join(' ');
  const [colour, words, more] = wordsOf(command, isRunning);
  const at = takenAt ?? 'time not known';
  const rest = more === undefined ? '' : `, ${escapeControls(more)}`;
  return [
    `${at.padEnd(24)}  ${escapeControls(name).padEnd(NAME_WIDTH)}  ${paint(colour, escapeControls(words))}${rest}`,
    `  ${id}`,
    ...(message === undefined ? [] : [`  ${escapeControls(`${errorCode}: ${message}`)}`]),
  ];
}

function wordsOf(command: DescribedCommand, isRunning: boolean | undefined): [Colour, string, string?] {
  const { state, outcome, errorCode, durationMs, message } = command;
  if (state !== 'ended') {
    const unknown = state === 'running' ? 'begun' : 'waiting for its turn';
    const then = state === 'running' ? 'ends when the agent runs again' : 'begins when the agent runs again';
    const words = describeOpenCommand(command, unknown);
    return isRunning === false ? ['yellow', unknown, then] : ['yellow', words];
  }
  const because = errorCode === undefined || message !== undefined ? '' : ` (${errorCode})`;
  const took = durationMs === undefined ? '' : ` after ${describeDuration(durationMs)}`;
  return [colourOf(outcome), `${outcome}${because}${took}`, results[command.result ?? 'taken']];
}

function colourOf(outcome: DescribedCommand['outcome']): Colour {
  return outcome === 'succeeded' ? 'green' : outcome === 'failed' ? 'red' : 'yellow';
}

const results: Readonly<Record<NonNullable<DescribedCommand['result']>, string>> = {
  'not-taken': 'Cloudly has not taken the result yet',
  taken: 'told to Cloudly',
  refused: 'Cloudly refuses the result',
};
