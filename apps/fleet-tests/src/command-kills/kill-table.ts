import { commandOutcomes } from '@serve.zone/baseos-contracts';
import type { KillOutcome } from './kill-at-step.js';

/** What speaks against the agent, or against the kill as a proof of anything, each in words. */
export function faultsOf({ command, step, ...seen }: KillOutcome): string[] {
  const { journalAtKill, asksAtKill, outcome, asks, journal, shown, isPowerShown } = seen;
  const place = `${command.name}, killed ${step.name}`;
  const isMissed = !step.journal.includes(journalAtKill) || asksAtKill !== step.asks(command);
  const isOff = command.isPower === true && asksAtKill > 0;
  const canSucceed = command.isPower !== true || isPowerShown;
  const mustSucceed = canSucceed && (isOff || step.mustSucceed === true);
  const faults: [boolean, string][] = [
    [isMissed, `the step was missed: journal ${journalAtKill}, ${asksAtKill} asks`],
    [asks > command.asksMax, `the Supervisor was asked ${asks} times`],
    [!commandOutcomes.some((known) => known === outcome), `the outcome is ${outcome}`],
    [mustSucceed && outcome !== 'succeeded', `the outcome is ${outcome}`],
    [outcome === 'succeeded' && command.isAsked && asks === 0, 'it succeeded without a call'],
    [step.name === 'before the journal' && command.isAsked && asks !== 1, `it was asked ${asks} times after all`],
    [journal !== 'told', `the journal ends with ${journal}`],
    [!shown.includes(outcome), `baserunner commands does not show it:\n${shown}`],
  ];
  return faults.flatMap(([isFault, words]) => (isFault ? [`${place}: ${words}`] : []));
}

/** For people: a line for each command and step, with its outcome and how often the Supervisor was asked. */
export function killTable(outcomes: readonly KillOutcome[]): string {
  const rows = outcomes.map(({ command, step, outcome, errorCode, asks }) => [
    command.name,
    `killed ${step.name}`,
    errorCode === undefined ? outcome : `${outcome} (${errorCode})`,
    `asked ${asks === 1 ? 'once' : `${asks} times`}`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`).join('');
}
