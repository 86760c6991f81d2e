import type { UpdateMode } from '@serve.zone/baseos-contracts';
import { type AcceptedCommands, acceptedCommands } from '../commands/policy/accepted-commands.js';
import type { Notice, Problem } from '../values/problem.js';
import { type DescribedCommand, describeCommand } from './described-command.js';
import type { NodeFacts } from './node-facts.js';

/** What `baserunner commands` shows. */
export interface CommandsReport {
  /** What the device accepts of Cloudly. */
  accepted: AcceptedCommands;
  /** Whether the agent runs; absent if that is not known. */
  running?: boolean | undefined;
  /** How Cloudly wants the device to take releases; absent while the device's own settings decide. */
  updates?: UpdateMode | undefined;
  /** The oldest first: those without an outcome, those whose result Cloudly has not taken, and the newest of the others. */
  commands: readonly DescribedCommand[];
  /** Why the agent cannot store the record of commands, so that nothing can begin. */
  problem?: Problem | undefined;
  /** Why the program on the device that decides about commands gave no verdict when it was asked last. */
  undecided?: Problem | undefined;
  notices: readonly Notice[];
}

/** Pure: the record of commands, and what the running agent says of those that have no outcome. */
export function commandsReport({ config, published, identity, journal, isHeld }: NodeFacts): CommandsReport {
  const live = published.kind === 'live' ? published.published.status.commands : undefined;
  const shown = new Map([...(live?.running ?? []), ...(live?.waiting ?? [])].map((command) => [command.id, command]));
  const isUnknown = isHeld || published.kind === 'unreadable' || published.kind === 'foreign';
  const { notices } = identity.stored;
  return {
    accepted: acceptedCommands(config),
    running: published.kind === 'live' ? true : isUnknown ? undefined : false,
    updates: journal?.updates,
    commands: journal?.entries.map((entry) => describeCommand(entry, shown.get(entry.id))) ?? [],
    problem: live?.problem,
    undecided: live?.undecided,
    notices: [
      ...(journal ? [] : notices.map(({ code, message, remedy }) => ({ code, message, remedy }))),
      ...(journal?.notice ? [journal.notice] : []),
    ],
  };
}
