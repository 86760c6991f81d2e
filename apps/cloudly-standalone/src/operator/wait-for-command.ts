import { type CallerFleet, type CommandRecord, commandState, hasBegun } from '@serve.zone/baseos-cloudly-handlers';
import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import { viewCommand } from '../output/command-view.js';
import { describeCommand } from '../output/describe-command.js';
import { writeJson } from '../output/write-json.js';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { followCommand } from '../command/follow-command.js';
import { report } from '../command/report.js';
import { findCommand } from './find-command.js';

export interface WaitedFor {
  nodeId: string;
  id: string;
  isJson: boolean | undefined;
}

/** Shows each change until the command is over. The exit code is 0 only if it succeeded. */
export async function waitForCommand(
  context: CommandContext,
  fleet: CallerFleet,
  { nodeId, id, isJson }: WaitedFor,
): Promise<ExitCode> {
  let shown: string | undefined;
  let isBegun = false;
  const over = await followCommand({
    read: () => findCommand(fleet, nodeId, id),
    show: (command) => {
      // How long a phase lasts changes each second, and is no news.
      const news = JSON.stringify([commandState(command, Date.now()), command.running, command.cancelledAtMs]);
      isBegun = command.running !== undefined && hasBegun(command.running);
      if (news !== shown) report(context, describeCommand(command, Date.now()));
      shown = news;
    },
    showTrouble: (error) => report(context, `Still waiting, but the fleet does not answer: ${error.message}`),
    signal: context.trapSignals(),
  });
  if (!over) {
    const follow = `Stopped waiting. The command continues; follow it again with \`node commands ${nodeId} ${id} --wait\``;
    throw new OperationError(isBegun ? `${follow}.` : `${follow}, or cancel it with \`node cancel ${nodeId} ${id}\`.`);
  }
  const nowMs = Date.now();
  if (isJson) writeJson(context.stdout, viewCommand(over, nowMs));
  else context.stdout.write(detailLines(over));
  return commandState(over, nowMs) === 'succeeded' ? 0 : 1;
}

/** What the node says beside the outcome, a line each. */
function detailLines({ result }: CommandRecord): string {
  return Object.entries(result?.details ?? {})
    .map(([name, value]) => `${name}: ${escapeControls(typeof value === 'string' ? value : JSON.stringify(value))}\n`)
    .join('');
}
