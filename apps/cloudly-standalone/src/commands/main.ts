import { type CommandDef, defineCommand } from 'citty';
import manifest from '../../package.json' with { type: 'json' };
import type { CommandContext } from '../command/command-context.js';

/** Every command; each is loaded when it is used. */
export function mainCommand(context: CommandContext): CommandDef {
  return defineCommand({
    meta: {
      name: 'cloudly-standalone',
      version: manifest.version,
      description: 'A small Cloudly server: register, heartbeat and a command line for operators',
    },
    subCommands: {
      serve: async () => (await import('./serve.js')).serveCommand(context),
      backup: async () => (await import('./backup.js')).backupCommand(context),
      recover: async () => (await import('./recover.js')).recoverCommand(context),
      why: async () => (await import('./why.js')).whyCommand(context),
      events: async () => (await import('./events.js')).eventsCommand(context),
      completion: async () => (await import('./completion.js')).completionCommand(context),
      'join-token': defineCommand({
        meta: { name: 'join-token', description: 'Create, list and revoke the tokens that admit new nodes' },
        subCommands: {
          create: async () => (await import('./join-token-create.js')).joinTokenCreateCommand(context),
          list: async () => (await import('./join-token-list.js')).joinTokenListCommand(context),
          revoke: async () => (await import('./join-token-revoke.js')).joinTokenRevokeCommand(context),
        },
      }),
      operator: defineCommand({
        meta: { name: 'operator', description: 'Invite, list, change and remove operators, and their API tokens' },
        subCommands: {
          invite: async () => (await import('./operator-invite.js')).operatorInviteCommand(context),
          join: async () => (await import('./operator-join.js')).operatorJoinCommand(context),
          list: async () => (await import('./operator-list.js')).operatorListCommand(context),
          change: async () => (await import('./operator-change.js')).operatorChangeCommand(context),
          reset: async () => (await import('./operator-reset.js')).operatorResetCommand(context),
          remove: async () => (await import('./operator-remove.js')).operatorRemoveCommand(context),
          token: defineCommand({
            meta: { name: 'token', description: 'Create, list and revoke API tokens' },
            subCommands: {
              create: async () => (await import('./operator-token-create.js')).operatorTokenCreateCommand(context),
              list: async () => (await import('./operator-token-list.js')).operatorTokenListCommand(context),
              revoke: async () => (await import('./operator-token-revoke.js')).operatorTokenRevokeCommand(context),
            },
          }),
        },
      }),
      alert: defineCommand({
        meta: { name: 'alert', description: 'List what needs somebody, and snooze what is known' },
        subCommands: {
          list: async () => (await import('./alert-list.js')).alertListCommand(context),
          snooze: async () => (await import('./alert-snooze.js')).alertSnoozeCommand(context),
          unsnooze: async () => (await import('./alert-unsnooze.js')).alertUnsnoozeCommand(context),
        },
      }),
      maintenance: defineCommand({
        meta: { name: 'maintenance', description: 'Hold back alerts of nodes that are worked on' },
        subCommands: {
          start: async () => (await import('./maintenance-start.js')).maintenanceStartCommand(context),
          list: async () => (await import('./maintenance-list.js')).maintenanceListCommand(context),
          end: async () => (await import('./maintenance-end.js')).maintenanceEndCommand(context),
        },
      }),
      rollout: defineCommand({
        meta: { name: 'rollout', description: 'Send a command to many nodes, wave by wave, and watch over it' },
        subCommands: {
          create: async () => (await import('./rollout-create.js')).rolloutCreateCommand(context),
          change: async () => (await import('./rollout-change.js')).rolloutChangeCommand(context),
          preview: async () => (await import('./rollout-preview.js')).rolloutPreviewCommand(context),
          start: async () => (await import('./rollout-start.js')).rolloutStartCommand(context),
          approve: async () => (await import('./rollout-approve.js')).rolloutApproveCommand(context),
          pause: async () => (await import('./rollout-pause.js')).rolloutPauseCommand(context),
          resume: async () => (await import('./rollout-resume.js')).rolloutResumeCommand(context),
          stop: async () => (await import('./rollout-stop.js')).rolloutStopCommand(context),
          show: async () => (await import('./rollout-show.js')).rolloutShowCommand(context),
          list: async () => (await import('./rollout-list.js')).rolloutListCommand(context),
          members: async () => (await import('./rollout-members.js')).rolloutMembersCommand(context),
          'take-over': async () => (await import('./rollout-take-over.js')).rolloutTakeOverCommand(context),
        },
      }),
      view: defineCommand({
        meta: { name: 'view', description: 'List, save and remove views of nodes' },
        subCommands: {
          list: async () => (await import('./view-list.js')).viewListCommand(context),
          save: async () => (await import('./view-save.js')).viewSaveCommand(context),
          remove: async () => (await import('./view-remove.js')).viewRemoveCommand(context),
        },
      }),
      webhook: defineCommand({
        meta: { name: 'webhook', description: 'Send events to other programs, and see what became of them' },
        subCommands: {
          create: async () => (await import('./webhook-create.js')).webhookCreateCommand(context),
          list: async () => (await import('./webhook-list.js')).webhookListCommand(context),
          change: async () => (await import('./webhook-change.js')).webhookChangeCommand(context),
          test: async () => (await import('./webhook-test.js')).webhookTestCommand(context),
          deliveries: async () => (await import('./webhook-deliveries.js')).webhookDeliveriesCommand(context),
          resend: async () => (await import('./webhook-resend.js')).webhookResendCommand(context),
          rotate: async () => (await import('./webhook-rotate.js')).webhookRotateCommand(context),
          enable: async () => (await import('./webhook-enable.js')).webhookEnableCommand(context),
          disable: async () => (await import('./webhook-disable.js')).webhookDisableCommand(context),
          delete: async () => (await import('./webhook-delete.js')).webhookDeleteCommand(context),
        },
      }),
      node: defineCommand({
        meta: {
          name: 'node',
          description: 'Show the fleet, send commands to nodes, and approve, revoke or change them',
        },
        subCommands: {
          list: async () => (await import('./node-list.js')).nodeListCommand(context),
          count: async () => (await import('./node-count.js')).nodeCountCommand(context),
          show: async () => (await import('./node-show.js')).nodeShowCommand(context),
          label: async () => (await import('./node-label.js')).nodeLabelCommand(context),
          labels: defineCommand({
            meta: { name: 'labels', description: 'Export and import the labels of nodes as CSV' },
            subCommands: {
              export: async () => (await import('./node-labels-export.js')).nodeLabelsExportCommand(context),
              import: async () => (await import('./node-labels-import.js')).nodeLabelsImportCommand(context),
            },
          }),
          rename: async () => (await import('./node-rename.js')).nodeRenameCommand(context),
          note: async () => (await import('./node-note.js')).nodeNoteCommand(context),
          approve: async () => (await import('./node-approve.js')).nodeApproveCommand(context),
          revoke: async () => (await import('./node-revoke.js')).nodeRevokeCommand(context),
          unrevoke: async () => (await import('./node-unrevoke.js')).nodeUnrevokeCommand(context),
          rebind: async () => (await import('./node-rebind.js')).nodeRebindCommand(context),
          resolve: async () => (await import('./node-resolve.js')).nodeResolveCommand(context),
          forget: async () => (await import('./node-forget.js')).nodeForgetCommand(context),
          rotate: async () => (await import('./node-rotate.js')).nodeRotateCommand(context),
          command: async () => (await import('./node-command.js')).nodeCommandCommand(context),
          commands: async () => (await import('./node-commands.js')).nodeCommandsCommand(context),
          cancel: async () => (await import('./node-cancel.js')).nodeCancelCommand(context),
          updates: async () => (await import('./node-updates.js')).nodeUpdatesCommand(context),
        },
      }),
    },
  });
}
