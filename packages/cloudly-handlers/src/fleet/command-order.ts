import type { Command, CommandKind } from '@serve.zone/baseos-contracts';

/** A command as its sender asks for it. */
export interface CommandOrder extends Omit<Command, 'id' | 'kind' | 'expiresInMs'> {
  kind: CommandKind;
  /**
   * How long the command is due, up to seven days. The node does not begin the command after that time.
   *
   * @default 1 hour
   */
  expiresInMs?: number | undefined;
}
