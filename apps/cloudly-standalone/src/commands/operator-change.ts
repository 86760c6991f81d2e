import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import { type CommandContext, OperationError } from '../command/command-context.js';
import { report } from '../command/report.js';
import { operatorFlag } from '../operator/operator-flag.js';
import { describeRights, readRightsFlags, rightsFlags } from '../operator/rights-flags.js';
import { withAccounts } from '../operator/with-accounts.js';
import { fleetFlags } from '../operator/with-fleet.js';
import { viewOperator } from '../output/operator-view.js';
import { jsonFlag, writeJson } from '../output/write-json.js';

const flags = {
  name: operatorFlag,
  ...rightsFlags,
  'whole-fleet': { type: 'boolean', description: 'Take the scope away' },
  json: jsonFlag,
  ...fleetFlags,
} as const;

export function operatorChangeCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'change', description: 'Give an operator another role or scope, at once' },
    args: flags,
    run: ({ args }) => {
      const { name, role, scope, 'whole-fleet': isUnscoped } = args;
      if (isUnscoped && scope !== undefined) throw new UsageError('--scope and --whole-fleet exclude each other.');
      if (role === undefined && scope === undefined && !isUnscoped) {
        throw new UsageError('Give --role, --scope or --whole-fleet: what is to change.');
      }
      return withAccounts(context, args, async (accounts) => {
        const before = (await accounts.listOperators()).find((operator) => operator.name === name);
        if (!before) throw new OperationError(`There is no operator ${name}. \`operator list\` shows all of them.`);
        const kept = isUnscoped ? undefined : (scope ?? before.scope);
        const rights = readRightsFlags({ role: role ?? before.role, scope: kept });
        const after = await accounts.changeOperator(name, rights);
        report(context, `Operator ${name} has ${describeRights(after)}.`);
        if (args.json) writeJson(context.stdout, viewOperator(after));
      });
    },
  });
}
