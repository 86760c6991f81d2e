import { type CommandDef, defineCommand } from 'citty';
import manifest from '../../package.json' with { type: 'json' };
import type { CommandContext } from '../command-context.js';

/** Every command; each is loaded when it is named. */
export function mainCommand(context: CommandContext): CommandDef {
  return defineCommand({
    meta: {
      name: 'cloudly-standalone',
      version: manifest.version,
      description: 'The two endpoints of Cloudly as a server of their own',
    },
    subCommands: {
      serve: async () => (await import('./serve.js')).serveCommand(context),
      'join-token': defineCommand({
        meta: { name: 'join-token', description: 'What lets new nodes register' },
        subCommands: {
          create: async () => (await import('./join-token-create.js')).joinTokenCreateCommand(context),
          list: async () => (await import('./join-token-list.js')).joinTokenListCommand(context),
          revoke: async () => (await import('./join-token-revoke.js')).joinTokenRevokeCommand(context),
        },
      }),
      node: defineCommand({
        meta: { name: 'node', description: 'The fleet' },
        subCommands: {
          list: async () => (await import('./node-list.js')).nodeListCommand(context),
        },
      }),
    },
  });
}
