import { useCallback, useEffect, useState } from 'preact/hooks';
import type { FleetCursor, FleetEvent, LiveNode, NodeCount } from '@serve.zone/baseos-cloudly-handlers';
import { useEvents } from '../live/use-events.js';
import { useEvery } from '../live/use-every.js';
import { server } from '../session/server.js';
import { useLoaded } from '../ui/use-loaded.js';
import type { ListQuestion } from './list-question.js';
import type { ListedNode } from './node-columns.js';

export const PAGE_SIZE = 100;
const LIVE_EVERY_MS = 5000;

export interface NodeList {
  nodes: readonly ListedNode[] | undefined;
  next: FleetCursor | undefined;
  count: NodeCount | undefined;
  error: unknown;
  isLoading: boolean;
  /** How many nodes have changed, or are new, since the list was read. */
  changedCount: number;
  refresh: () => void;
}

/** A page of the list. Its cells follow the nodes; its order waits until somebody asks. */
export function useNodeList(question: ListQuestion): NodeList {
  const { selector, sort, after } = question;
  const asked = JSON.stringify([selector, sort, after]);
  const page = useLoaded(asked, async () => {
    const [listed, count] = await Promise.all([
      server.listNodes({ selector, sort, after, limit: PAGE_SIZE }),
      server.countNodes({ selector }),
    ]);
    return { ...listed, count };
  });
  const [live, setLive] = useState<ReadonlyMap<string, LiveNode>>(new Map());
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  const ids = page.value?.nodes.map(({ facts }) => facts.nodeId) ?? [];
  const readLive = useCallback(async () => {
    if (ids.length === 0) return;
    const found = await server.liveNodes(ids).catch(() => undefined);
    if (found) setLive(new Map(found.map((node) => [node.nodeId, node])));
  }, [page.value]);
  useEvery(LIVE_EVERY_MS, () => void readLive());
  useEffect(() => setChanged(new Set()), [page.value]);
  useEvents((events) => {
    const nodeIds = changedNodes(events);
    if (nodeIds.length > 0) setChanged((before) => new Set([...before, ...nodeIds]));
    if (events.length === 0) void page.reload();
  });
  return {
    nodes: page.value?.nodes.map((node) => withLive(node, live.get(node.facts.nodeId))),
    next: page.value?.next,
    count: page.value?.count,
    error: page.error,
    isLoading: page.isLoading,
    changedCount: changed.size,
    refresh: () => {
      setLive(new Map());
      void page.reload();
    },
  };
}

function withLive(node: ListedNode, live: LiveNode | undefined): ListedNode {
  if (!live) return node;
  const { state, lastHeartbeatAtMs } = live;
  return { ...node, state, ...(lastHeartbeatAtMs !== undefined && { lastHeartbeatAtMs }), live };
}

/** Of commands, the list shows nothing. */
function changedNodes(events: readonly FleetEvent[]): string[] {
  return events.flatMap(({ nodeId, kind }) => (nodeId !== undefined && !kind.startsWith('command-') ? [nodeId] : []));
}
