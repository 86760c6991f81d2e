import { type Alter, changed, endpointOf, messageOf, problem } from '../alteration.js';

interface Boots {
  running: unknown;
  sequence: number;
  /** The highest sequence of each process of before, and when it first came back. */
  superseded: Map<unknown, { sequence: number; returnedAtMs?: number }>;
  isSuspected: boolean;
}

const APART_MS = 60_000;

/** Suspects a node of which a superseded process comes back twice, a minute apart. */
export const cloneSuspicion =
  (now: () => number): Alter =>
  (next, { onAsk }) => {
    const nodes = new Map<unknown, Boots>();
    onAsk((act, { nodeId, bootId }) => {
      if (act === 'resolveClone') nodes.set(nodeId, boots(bootId));
    });

    return async (request) => {
      const { nodeId, bootId, sequence } = await messageOf(request);
      const isRegistration = endpointOf(request) === 'register';
      const known = nodes.get(nodeId);
      if (isRegistration && known?.isSuspected) return problem('clone-suspected');
      const response = await next(request);
      if (isRegistration || response.status !== 200) return response;

      const node = known ?? boots(bootId);
      nodes.set(nodeId, node);
      note(node, bootId, Number(sequence), now());
      return node.isSuspected ? changed(response, (json) => ({ ...json, cloneSuspected: true })) : response;
    };
  };

const boots = (running: unknown): Boots => ({ running, sequence: 0, superseded: new Map(), isSuspected: false });

const note = (node: Boots, bootId: unknown, sequence: number, nowMs: number): void => {
  if (bootId === node.running) {
    node.sequence = Math.max(node.sequence, sequence);
    return;
  }
  const before = node.superseded.get(bootId);
  if (!before) {
    node.superseded.set(node.running, { sequence: node.sequence });
    Object.assign(node, { running: bootId, sequence });
    return;
  }
  if (sequence <= before.sequence) return;
  node.superseded.set(bootId, { sequence, returnedAtMs: before.returnedAtMs ?? nowMs });
  if (before.returnedAtMs !== undefined && nowMs - before.returnedAtMs >= APART_MS) node.isSuspected = true;
};
