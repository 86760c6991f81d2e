import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { operatorFlag } from '../operator/operator-flag.js';
import { withAccounts } from '../operator/with-accounts.js';
import { fleetFlags } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';

const flags = { name: operatorFlag, json: jsonFlag, ...fleetFlags } as const;

export function operatorRemoveCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'remove', description: 'Remove an operator, with their sessions and API tokens' },
    args: flags,
    run: ({ args: { name, json, ...args } }) =>
      withAccounts(context, args, async (accounts) => {
        await accounts.removeOperator(name);
        report(context, `Operator ${name} is removed.`);
        if (json) writeJson(context.stdout, { name, removed: true });
      }),
  });
}
