import type { OfferedInvitation } from '@serve.zone/baseos-fleet-api';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { viewInvitation } from '../output/operator-view.js';
import { writeJson } from '../output/write-json.js';
import { instant } from '../time/instant.js';
import { describeRights } from './rights-flags.js';

/** Prints the link, and says on stderr what it is for. */
export function writeInvitation(
  context: CommandContext,
  offered: OfferedInvitation,
  isJson: boolean | undefined,
): void {
  const { link, record } = offered;
  if (isJson) writeJson(context.stdout, viewInvitation(offered));
  else context.stdout.write(`${link}\n`);
  const until = instant(record.expiresAtMs);
  report(
    context,
    `Whoever opens the link ${describeOffer(record.offers)}, until ${until}. It is not shown again. On a command line, \`operator join\` takes it.`,
  );
}

function describeOffer(offers: OfferedInvitation['record']['offers']): string {
  if (offers.kind === 'first') return 'becomes the first operator, who may do everything';
  if (offers.kind === 'new-password') return `sets a new password for ${offers.name}`;
  return `becomes the operator ${offers.name} with ${describeRights(offers)}`;
}
