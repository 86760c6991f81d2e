import type { CommandResult } from '@serve.zone/baseos-contracts';
import type { CommandProgress, CommandRecord } from '../../fleet/command-record.js';
import type { HistoryResolution } from '../../fleet/history.js';
import type { JoinTokenRecord } from '../../fleet/join-token-record.js';
import type { NodeRecord } from '../../fleet/node-record.js';
import type { NodeReport } from '../../fleet/node-report.js';
import type { Call } from './find-order.js';
import { commandRecord, heartbeatReport, issued, joinTokenRecord, nodeRecord, NOW_MS, progress } from './fixtures.js';

/** The calls of a race. Each race has its own record IDs, so one store serves many races. */
export function callsOf(race: string) {
  const own = (id: string): string => `${race}-${id}`;
  const node = (id: string, { joinTokenId = 't', ...changes }: Partial<NodeRecord> = {}): NodeRecord =>
    nodeRecord(own(id), { joinTokenId: own(joinTokenId), ...changes });

  return {
    add: (id: string, changes: Partial<JoinTokenRecord> = {}): Call => ({
      label: `addJoinToken ${id} ${JSON.stringify(changes)}`,
      run: (store) => store.addJoinToken(joinTokenRecord(own(id), changes)),
    }),
    token: (id: string): Call => ({
      label: `findJoinToken ${id}`,
      run: (store) => store.findJoinToken(own(id)),
    }),
    revokeToken: (id: string, atMs: number): Call => ({
      label: `revokeJoinToken ${id} at ${atMs}`,
      run: (store) => store.revokeJoinToken(own(id), atMs, `at ${atMs}`),
    }),
    create: (id: string, changes: Partial<NodeRecord> = {}): Call => ({
      label: `createNode ${id} ${JSON.stringify(changes)}`,
      run: (store) => store.createNode(node(id, changes), NOW_MS),
    }),
    find: (id: string): Call => ({ label: `findNode ${id}`, run: (store) => store.findNode(own(id)) }),
    findByToken: (name: string): Call => ({
      label: `findNodeByTokenHash ${name}`,
      run: (store) => store.findNodeByTokenHash(issued(own(name)).hash),
    }),
    rotate: (id: string, name: string): Call => ({
      label: `replaceNode ${id} with the next token ${name}`,
      run: (store) => store.replaceNode(node(id, { nextToken: issued(own(name)) })),
    }),
    replace: (id: string, changes: Partial<NodeRecord>): Call => ({
      label: `replaceNode ${id} ${JSON.stringify(changes)}`,
      run: (store) => store.replaceNode(node(id, changes)),
    }),
    remove: (id: string): Call => ({ label: `removeNode ${id}`, run: (store) => store.removeNode(own(id)) }),
    report: (id: string, sequence: number, changes: Partial<NodeReport> = {}): Call => ({
      label: `saveReport ${id} ${sequence} ${changes.bootId ?? ''}`,
      run: (store) => store.saveReport(own(id), heartbeatReport(sequence, changes)),
    }),
    status: (id: string): Call => ({ label: `findStatus ${id}`, run: (store) => store.findStatus(own(id)) }),
    history: (id: string, resolution: HistoryResolution): Call => ({
      label: `listHistory ${id} ${resolution}`,
      run: (store) => store.listHistory(own(id), resolution),
    }),
    queue: (id: string, commandId: string, changes: Partial<CommandRecord> = {}): Call => ({
      label: `addCommand ${id} ${commandId} ${JSON.stringify(changes)}`,
      run: (store) => store.addCommand(own(id), commandRecord(commandId, changes)),
    }),
    queueUpTo: (id: string, commandId: string, dueMax: number): Call => ({
      label: `addCommand ${id} ${commandId} unless ${dueMax} are due`,
      run: (store) => store.addCommand(own(id), commandRecord(commandId), dueMax),
    }),
    name: (id: string, commandId: string, phase: CommandProgress['phase'], atMs: number): Call => ({
      label: `saveProgress ${id} ${commandId} ${phase} at ${atMs}`,
      run: (store) => store.saveProgress(own(id), commandId, progress(phase, atMs)),
    }),
    cancel: (id: string, commandId: string, atMs: number): Call => ({
      label: `cancelCommand ${id} ${commandId} at ${atMs}`,
      run: (store) => store.cancelCommand(own(id), commandId, atMs),
    }),
    offer: (id: string, atMs: number): Call => ({
      label: `offerCommands ${id} at ${atMs}`,
      run: (store) => store.offerCommands(own(id), atMs, 16),
    }),
    finish: (id: string, result: CommandResult, atMs: number): Call => ({
      label: `saveCommandResults ${id} ${JSON.stringify(result)} at ${atMs}`,
      run: (store) => store.saveCommandResults(own(id), [result], atMs),
    }),
    tidy: (atMs: number): Call => ({ label: `tidy at ${atMs}`, run: async (store) => void (await store.tidy(atMs)) }),
    findCommand: (id: string, commandId: string): Call => ({
      label: `findCommand ${id} ${commandId}`,
      run: (store) => store.findCommand(own(id), commandId),
    }),
    commands: (id: string): Call => ({
      label: `listCommands ${id}`,
      run: (store) => store.listCommands(own(id), 16),
    }),
  };
}

export type RaceCalls = ReturnType<typeof callsOf>;
