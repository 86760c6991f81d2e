import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { databaseOnlyFlags } from '../remote/require-database.js';
import { withLocalFleet } from '../operator/with-fleet.js';
import { jsonFlag, writeJson } from '../output/write-json.js';
import { viewJoinToken } from '../output/join-token-view.js';
import { readPastInstantMs } from '../flags/read-flag.js';
import { describeRecovery } from '../recover/describe-recovery.js';
import { recoverFleet } from '../recover/recover-fleet.js';

const flags = {
  'taken-at': {
    type: 'string',
    valueHint: 'instant',
    description: 'When the restored backup was taken; not needed for one made by `backup`',
  },
  'dry-run': { type: 'boolean', description: 'Change nothing; show what would change' },
  json: jsonFlag,
  ...databaseOnlyFlags,
} as const;

export function recoverCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: {
      name: 'recover',
      description: 'Make a restored fleet safe, and list what the backup does not know',
    },
    args: flags,
    run: async ({ args }) => {
      const nowMs = Date.now();
      const isDryRun = args['dry-run'] ?? false;
      const given = args['taken-at'];
      const givenMs = given === undefined ? undefined : readPastInstantMs('--taken-at', given, nowMs);
      const recovery = await withLocalFleet(context, args, isDryRun ? 'read' : 'change', async (local) => {
        const takenAtMs = givenMs ?? local.database.backupTakenAtMs;
        // On a fleet that was never restored, this would freeze every join token.
        if (takenAtMs === undefined) throw new UsageError(notKnown);
        return recoverFleet(local, { takenAtMs, isDryRun, nowMs });
      });
      if (args.json) {
        writeJson(context.stdout, {
          takenAt: new Date(recovery.takenAtMs).toISOString(),
          dryRun: isDryRun,
          frozenJoinTokens: recovery.frozenJoinTokens.map((joinToken) => viewJoinToken(joinToken, nowMs)),
          stoppedJobs: recovery.stoppedJobs.map(({ job }) => job.id),
          pausedRollouts: recovery.pausedRollouts.map(({ id }) => id),
          disabledWebhooks: recovery.disabledWebhooks.map(({ id }) => id),
          revokedApiTokens: recovery.accounts.apiTokens,
          endedSessions: recovery.accounts.sessionCount,
          voidInvitations: recovery.accounts.invitationCount,
          nodes: recovery.nodes,
        });
        return;
      }
      for (const line of describeRecovery(recovery)) context.stdout.write(`${line}\n`);
    },
  });
}

const notKnown =
  'This data is not a backup made by `backup`, or `recover` has already been run on it. If it was restored from another backup, ' +
  'give the time of that backup with --taken-at, such as 2026-11-27T06:00:00Z.';
