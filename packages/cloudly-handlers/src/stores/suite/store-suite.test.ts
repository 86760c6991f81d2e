import { describe, expect, test } from 'vitest';
import type { CommandRecord } from '../../fleet/command-record.js';
import type { EndedCommand, NodeStore } from '../../fleet/node-store.js';
import { createMemoryStore } from '../memory/memory-store.js';
import type { NodeReport } from '../../fleet/node-report.js';
import { nodeStoreBehaviours, type OpenStore } from '../../store-suite.js';
import { scribbleOver } from './scribble-over.js';

type Fault = (store: NodeStore) => Partial<NodeStore>;

/** Stores that each break one promise, as a careless implementation would. */
const faults: Record<string, Fault> = {
  'makes a new ID at every call': () => ({ cloudlyId: async () => crypto.randomUUID() }),
  'has the same ID as every other': () => ({ cloudlyId: async () => 'cloudly' }),
  'lists the newest join tokens first': (store) => ({
    listJoinTokens: async () => (await store.listJoinTokens()).toReversed(),
  }),
  'never stores the revocation of a join token': (store) => ({ revokeJoinToken: (id) => store.findJoinToken(id) }),
  'keeps the last reason of a revocation, not the first': (store) => ({
    async revokeJoinToken(id, revokedAtMs, revokedReason) {
      const revoked = await store.revokeJoinToken(id, revokedAtMs, revokedReason);
      return revoked && { ...revoked, ...(revokedReason !== undefined && { revokedReason }) };
    },
  }),
  'accepts expired join tokens': (store) => ({ createNode: (node) => store.createNode(node, 0) }),
  'checks before it adds a node, but not in one transaction': (store) => ({
    async createNode(node, nowMs) {
      if (await store.findNode(node.nodeId)) return 'node-exists';
      await store.createNode(node, nowMs);
      return 'created';
    },
  }),
  'replaces nodes whatever their revision': (store) => ({
    async replaceNode(node) {
      const stored = await store.findNode(node.nodeId);
      return store.replaceNode({ ...node, revision: stored?.node.revision ?? 0 });
    },
  }),
  'merges what it should replace': (store) => ({
    async replaceNode(node) {
      const stored = await store.findNode(node.nodeId);
      return store.replaceNode({ ...stored?.node, ...node });
    },
  }),
  'forgets the tokens of revoked nodes': (store) => ({
    async findNodeByTokenHash(hash) {
      const found = await store.findNodeByTokenHash(hash);
      return found?.node.revokedAtMs === undefined ? found : undefined;
    },
  }),
  'finds nodes by their current token only': (store) => ({
    async findNodeByTokenHash(hash) {
      const found = await store.findNodeByTokenHash(hash);
      return found?.node.currentToken?.hash === hash ? found : undefined;
    },
  }),
  'lists nodes case-insensitively': (store) => ({
    listNodes: async (page) =>
      (await store.listNodes(page)).toSorted((one, other) => one.node.nodeId.localeCompare(other.node.nodeId)),
  }),
  'returns full pages only once': (store) => ({ listNodes: ({ limit }) => store.listNodes({ limit }) }),
  'reports every report as stored': (store) => ({
    async saveReport(nodeId, report) {
      await store.saveReport(nodeId, report);
      return true;
    },
  }),
  'forgets the status when a heartbeat brings none': (store) => ({
    findStatus: async (nodeId) => {
      const [head, status] = [await store.findNode(nodeId), await store.findStatus(nodeId)];
      return head?.lastHeartbeat?.receivedAtMs === status?.receivedAtMs ? status : undefined;
    },
  }),
  'lets any number of nodes wait for approval': (store) => ({
    createNode: async (node, nowMs) =>
      store.createNode({ ...node, approvedAtMs: 0 }, nowMs).then(async (outcome) => {
        if (outcome === 'created' && node.approvedAtMs === undefined) await store.replaceNode(node);
        return outcome;
      }),
  }),
  'shows a new node a moment later than the use of its token': (store) => {
    const onTheWay = new Set<string>();
    return {
      async createNode(node, nowMs) {
        onTheWay.add(node.nodeId);
        const outcome = await store.createNode(node, nowMs);
        for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
        onTheWay.delete(node.nodeId);
        return outcome;
      },
      findNode: async (nodeId) => (onTheWay.has(nodeId) ? undefined : store.findNode(nodeId)),
    };
  },
  'reports the previous state of a command as its result': (store) => ({
    async cancelCommand(nodeId, commandId, cancelledAtMs) {
      const before = (await store.listCommands(nodeId, 100)).find(({ id }) => id === commandId);
      await store.cancelCommand(nodeId, commandId, cancelledAtMs);
      return before && (before.result ? before : { cancelledAtMs, ...before });
    },
  }),
  'keeps the commands of a node that it removes': (store) => {
    const removed = new Map<string, Awaited<ReturnType<NodeStore['listCommands']>>>();
    return {
      async removeNode(nodeId) {
        if (!removed.has(nodeId)) removed.set(nodeId, await store.listCommands(nodeId, 100));
        return store.removeNode(nodeId);
      },
      listCommands: async (nodeId, limit) => removed.get(nodeId) ?? store.listCommands(nodeId, limit),
    };
  },
  'counts revoked nodes as active': (store) => ({
    async countNodes(nowMs) {
      const counts = await store.countNodes(nowMs);
      return { ...counts, active: counts.active + counts.revoked };
    },
  }),
  'has no open slot in its history': (store) => ({
    listHistory: async (nodeId, resolution) => (await store.listHistory(nodeId, resolution)).slice(0, -1),
  }),
  'keeps history forever': () => ({ tidy: async () => false }),
  'always has more to tidy': (store) => ({ tidy: (nowMs) => store.tidy(nowMs).then(() => true) }),
  'offers commands that have expired': (store) => ({
    offerCommands: (nodeId, _nowMs, limit) => store.offerCommands(nodeId, 0, limit),
  }),
  'reports every result as stored': (store) => ({
    async saveCommandResults(nodeId, results, receivedAtMs) {
      await store.saveCommandResults(nodeId, results, receivedAtMs);
      const ids = new Set(results.map(({ id }) => id));
      return (await store.listCommands(nodeId, 100)).filter(({ id }) => ids.has(id));
    },
  }),
  'forgets when a command was first listed': (store) => ({
    listCommands: async (nodeId, limit) =>
      structuredClone(await store.listCommands(nodeId, limit)).map((command) => {
        delete command.listedAtMs;
        return command;
      }),
  }),
  'drops commands that have a result, however new': (store) => {
    const tidied = new Set<string>();
    return {
      async tidy(nowMs) {
        for (const { node } of await store.listNodes({ limit: 100 })) tidied.add(node.nodeId);
        return store.tidy(nowMs);
      },
      listCommands: async (nodeId, limit) =>
        (await store.listCommands(nodeId, limit)).filter(({ result }) => !result || !tidied.has(nodeId)),
    };
  },
  'still says that a node may have a command after all were dropped': (store) => {
    const untilMs = new Map<string, number>();
    return {
      async findNode(nodeId) {
        const found = await store.findNode(nodeId);
        const latestMs = found?.commandsUntilMs ?? untilMs.get(nodeId);
        if (!found || latestMs === undefined) return found;
        untilMs.set(nodeId, latestMs);
        return { ...found, commandsUntilMs: latestMs };
      },
    };
  },
  'lets nodes wait if the join token requires no approval': (store) => ({
    async createNode(node, nowMs) {
      const joinToken = await store.findJoinToken(node.joinTokenId);
      if (joinToken?.requiresApproval !== false || node.approvedAtMs !== undefined)
        return store.createNode(node, nowMs);
      const outcome = await store.createNode({ ...node, approvedAtMs: nowMs, revision: node.revision - 1 }, nowMs);
      if (outcome === 'created') await store.replaceNode({ ...node, revision: node.revision - 1 });
      return outcome;
    },
  }),
  'tells all simultaneous callers that they removed a node': (store) => ({
    async removeNode(nodeId) {
      const isThere = (await store.findNode(nodeId)) !== undefined;
      await store.removeNode(nodeId);
      return isThere;
    },
  }),
  'counts revoked nodes that were never approved as pending': (store) => ({
    async countNodes(nowMs) {
      const nodes = await store.listNodes({ limit: 1000 });
      const unapproved = nodes.filter(({ node }) => node.approvedAtMs === undefined).length;
      const { pending, revoked, ...counts } = await store.countNodes(nowMs);
      return { ...counts, pending: unapproved, revoked: revoked + pending - unapproved };
    },
  }),
  'keeps the hash of the status before': (store) => {
    const hashes = new Map<string, string>();
    return {
      async findStatus(nodeId) {
        const found = await store.findStatus(nodeId);
        const hash = found?.hash ?? hashes.get(nodeId);
        if (!found || hash === undefined) return found;
        hashes.set(nodeId, hash);
        return { ...found, hash };
      },
      async saveReport(nodeId, report) {
        if (report.statusHash !== undefined) hashes.set(nodeId, report.statusHash);
        return store.saveReport(nodeId, report);
      },
    };
  },
  'keeps the vitals of the heartbeat before': (store) => {
    const vitals = new Map<string, NonNullable<NodeReport['vitals']>>();
    return {
      async saveReport(nodeId, report) {
        const last = report.vitals ?? vitals.get(nodeId);
        if (last) vitals.set(nodeId, last);
        return store.saveReport(nodeId, { ...report, ...(last && report.sequence > 0 && { vitals: last }) });
      },
    };
  },
  'forgets the last heartbeat when a process registers': (store) => {
    const registered = new Set<string>();
    return {
      async saveReport(nodeId, report) {
        const isKept = await store.saveReport(nodeId, report);
        if (isKept && report.sequence === 0) registered.add(nodeId);
        else if (isKept) registered.delete(nodeId);
        return isKept;
      },
      async findNode(nodeId) {
        const found = await store.findNode(nodeId);
        if (!found || !registered.has(nodeId)) return found;
        const { lastHeartbeat: _forgotten, ...rest } = found;
        return rest;
      },
    };
  },
  'says nothing of updates with a node': (store) => ({
    async findNode(nodeId) {
      const found = await store.findNode(nodeId);
      delete found?.status?.updates;
      return found;
    },
  }),
  'adds any number of commands': (store) => ({ addCommand: (nodeId, command) => store.addCommand(nodeId, command) }),
  'counts the commands that are due, and then adds one': (store) => ({
    async addCommand(nodeId, command, dueMax = Infinity) {
      const due = await store.listCommands(nodeId, 100);
      await new Promise((resolve) => void setImmediate(resolve));
      const isDue = ({ result, cancelledAtMs, expiresAtMs }: CommandRecord): boolean =>
        !result && cancelledAtMs === undefined && expiresAtMs > command.queuedAtMs;
      return due.filter(isDue).length >= dueMax ? 'too-many-due' : store.addCommand(nodeId, command);
    },
  }),
  'forgets what a node did before with a command': (store) => ({
    async saveProgress(nodeId, commandId, progress) {
      const saved = await store.saveProgress(nodeId, commandId, progress);
      return saved && { command: saved.command };
    },
  }),
  'keeps progress without taking note that the node was told of the command': (store) => ({
    async saveProgress(nodeId, commandId, progress) {
      const saved = await store.saveProgress(nodeId, commandId, progress);
      delete saved?.command.listedAtMs;
      return saved;
    },
  }),
  'ends every command when it expires': (store) => ({
    endCommands: (nowMs, limit) => store.endCommands(nowMs + 20, limit),
  }),
  'ends a command in every call': (store) => {
    const all: EndedCommand[] = [];
    return {
      async endCommands(nowMs, limit) {
        all.push(...(await store.endCommands(nowMs, limit)));
        return structuredClone(all.slice(0, limit));
      },
    };
  },
  'ends any number of commands at once': (store) => ({ endCommands: (nowMs) => store.endCommands(nowMs, 1000) }),
  'drops the command that a node is executing': (store) => ({
    saveReport: (nodeId, { runningCommand: _dropped, ...report }) => store.saveReport(nodeId, report),
  }),
};

/** Whoever changes what such an operation was given, or came to, changes what is kept. */
function sharedBy(name: keyof NodeStore): Fault {
  return (store) => {
    const shared: unknown[] = [];
    const { doorbell: _carriesNoRecord, ...operations } = store;
    const share = ([operation, run]: [string, (...args: never[]) => Promise<unknown>]) => [
      operation,
      async (...args: never[]) => {
        const value = await run(...args);
        if (JSON.stringify(shared).includes('scribbled')) scribbleOver(value);
        if (operation === name) shared.push(args, value);
        return value;
      },
    ];
    return Object.fromEntries(Object.entries(operations).map(share)) as Partial<NodeStore>;
  };
}

for (const name of [
  'revokeJoinToken',
  'findNodeByTokenHash',
  'listNodes',
  'saveReport',
  'findStatus',
  'listHistory',
  'addCommand',
  'findCommand',
  'offerCommands',
  'saveProgress',
  'cancelCommand',
  'saveCommandResults',
  'listCommands',
] as const) {
  faults[`keeps what ${name} was given or came to`] = sharedBy(name);
}

describe('the suite of behaviours', () => {
  test.for(Object.entries(faults))('detects a store that %s', async ([, fault]) => {
    const open = async () => {
      const store = createMemoryStore();
      return { store: { ...store, ...fault(store) }, close: async () => undefined };
    };
    const runAll = async (): Promise<void> => {
      for (const { run } of nodeStoreBehaviours) await run(open);
    };
    await expect(runAll()).rejects.toThrow(/expected|explains/);
  });

  test('detects a store whose processes each make an ID when they first need one', async () => {
    let kept: string | undefined;
    const openProcess = async () => {
      const cloudlyId = async () => {
        const found = kept;
        await Promise.resolve();
        return found ?? (kept = crypto.randomUUID());
      };
      return { store: { ...createMemoryStore(), cloudlyId }, close: async () => undefined };
    };
    const behaviour = nodeStoreBehaviours.find(({ name }) => name === 'is one Cloudly in two processes');
    const open: OpenStore = async () => ({ ...(await openProcess()), openAgain: openProcess });
    await expect(behaviour?.run(open)).rejects.toThrow(/^the IDs at first use: expected 1, but got \d+$/);
  });

  test('detects a store that loses changes to a node during its upkeep', async () => {
    const model = createMemoryStore();
    let isTidying = false;
    const store: NodeStore = {
      ...model,
      async tidy(nowMs) {
        isTidying = true;
        for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
        isTidying = false;
        return model.tidy(nowMs);
      },
      // What is written over it is not kept.
      replaceNode: (node) => (isTidying ? Promise.resolve(true) : model.replaceNode(node)),
    };
    const behaviour = nodeStoreBehaviours.find(({ name }) => name.includes('a node that is tidied'));
    await expect(behaviour?.run(async () => ({ store, close: async () => undefined }))).rejects.toThrow(/explains/);
  });

  test('says what was expected and what it got instead', async () => {
    const store: NodeStore = { ...createMemoryStore(), listJoinTokens: async () => [] };
    const behaviour = nodeStoreBehaviours.find(({ name }) => name === 'lists join tokens, the oldest first');
    await expect(behaviour?.run(async () => ({ store, close: async () => undefined }))).rejects.toThrow(
      /^the list: expected \[\{.*\}\], but got \[\]$/,
    );
  });

  test('says which calls no order explains', async () => {
    const model = createMemoryStore();
    const store: NodeStore = { ...model, replaceNode: (node) => model.replaceNode(node).then(() => true) };
    const behaviour = nodeStoreBehaviours.find(({ name }) => name.startsWith('treats changes of one node'));
    await expect(behaviour?.run(async () => ({ store, close: async () => undefined }))).rejects.toThrow(
      /^no order of these calls explains their outcomes:\n1-\d+ .*: .*\n(?:\d+-\d+ \w+ .*: .*\n?)+$/,
    );
  });

  test('lets a process die at each of its steps, with the step done or not', async () => {
    const asked: string[] = [];
    const store = createMemoryStore();
    const openStore: OpenStore = async () => ({
      store,
      openDoomed: async ({ atStep, isCarriedOut }) => {
        asked.push(`${atStep} ${isCarriedOut ? 'carried out' : 'left undone'}`);
        const revokeJoinToken: NodeStore['revokeJoinToken'] = async (id, atMs, reason) => {
          if (atStep > 0) return store.revokeJoinToken(id, atMs, reason);
          if (isCarriedOut) await store.revokeJoinToken(id, atMs, reason);
          throw new Error('This process died');
        };
        return { store: { ...store, revokeJoinToken }, close: async () => undefined };
      },
      close: async () => undefined,
    });
    const behaviour = nodeStoreBehaviours.find(({ name }) => name.endsWith('dies while it revokes a join token'));
    await behaviour?.run(openStore);
    expect(asked).toEqual(['0 left undone', '1 left undone', '0 carried out', '1 carried out']);
  });
});
