import type { CommandContext } from '../command/command-context.js';
import type { Log } from '../log/create-log.js';
import type { FleetService } from '../service/serve-fleet.js';
import { instant } from '../time/instant.js';
import type { ServeSettings } from './serve-flags.js';

/**
 * Says how somebody becomes the first operator. The link lets anybody in, so only a person at the terminal gets it, or who asks for
 * it: no log has it.
 */
export async function inviteFirst(
  { program, stdout, stderr, terminal }: CommandContext,
  log: Log,
  service: Pick<FleetService, 'inviteFirst' | 'hasOperators'>,
  { printInvite }: Pick<ServeSettings, 'printInvite'>,
): Promise<void> {
  if (await service.hasOperators()) return;
  const isAtTerminal = terminal.showProgress !== undefined;
  if (!printInvite && !isAtTerminal) {
    const message = `There are no operators yet. \`${program} operator invite\` makes a link for the first one.`;
    log({ level: 'info', event: 'no-operators', message });
    return;
  }
  const { link, record } = await service.inviteFirst();
  const lines = `To become the first operator, open this link until ${instant(record.expiresAtMs)}:\n${link}\n`;
  (printInvite ? stdout : stderr).write(lines);
}
