import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreatedJoinToken, NodeStore, TakenResult } from '@serve.zone/baseos-cloudly-handlers';
import { limits } from '@serve.zone/baseos-contracts';
import { type HandlerEvent, startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';

/** The stand-alone Cloudly in this process, and what happens in it. */
export interface WatchedCloudly {
  url: string;
  store: NodeStore;
  createJoinToken(this: void): Promise<CreatedJoinToken>;
  /** The result of a command, once a node has told it. */
  result(this: void, nodeId: string, commandId: string): Promise<TakenResult>;
  /** Resolves after so many more heartbeats of a node. */
  heartbeats(this: void, nodeId: string, count: number): Promise<void>;
  close(this: void): Promise<void>;
}

export async function startWatchedCloudly(): Promise<WatchedCloudly> {
  const folder = await mkdtemp(join(tmpdir(), 'watched-cloudly-'));
  const listeners = new Set<(event: HandlerEvent) => void>();
  const cloudly = await startStandaloneCloudly({
    databasePath: join(folder, 'fleet.sqlite'),
    port: 0,
    onHandled: (event) => {
      for (const listen of listeners) listen(event);
    },
  });
  const { url, store, createJoinToken } = cloudly;

  const event = async (fits: (event: HandlerEvent) => boolean): Promise<void> =>
    new Promise((resolve) => {
      const listen = (happened: HandlerEvent): void => {
        if (!fits(happened)) return;
        listeners.delete(listen);
        resolve();
      };
      listeners.add(listen);
    });
  const ofNode = (nodeId: string) => (happened: HandlerEvent) =>
    happened.kind === 'heartbeat-received' && happened.nodeId === nodeId;

  return {
    url,
    store,
    createJoinToken: async () => createJoinToken(),
    result: async (nodeId, commandId) => {
      for (;;) {
        const next = event(ofNode(nodeId));
        const commands = await store.listCommands(nodeId, limits.commandsMax);
        const result = commands.find(({ id }) => id === commandId)?.result;
        if (result) return result;
        await next;
      }
    },
    heartbeats: async (nodeId, count) => {
      for (let seen = 0; seen < count; seen += 1) await event(ofNode(nodeId));
    },
    close: async () => {
      await cloudly.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
