import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { urlOf } from '../route/here.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';

type Show = ComponentType<{ rest: readonly string[] }>;

/** Each view is loaded when it is first opened. */
const views: Readonly<Record<string, () => Promise<Show>>> = {
  nodes: async () => (await import('../nodes/nodes-view.js')).NodesView,
  node: async () => {
    const { NodeView } = await import('../node/node-view.js');
    return ({ rest: [nodeId = ''] }) => <NodeView key={nodeId} nodeId={nodeId} />;
  },
  approvals: async () => (await import('../approvals/approvals-view.js')).ApprovalsView,
  'join-tokens': async () => (await import('../join-tokens/join-tokens-view.js')).JoinTokensView,
  audit: async () => (await import('../audit/audit-view.js')).AuditView,
  settings: async () => (await import('../settings/settings-view.js')).SettingsView,
};

/** Whether there is such a view. */
export function hasView(name: string): boolean {
  return Object.hasOwn(views, name);
}

const loaded = new Map<string, Show>();

/** The view of a path. */
export function View({ path: [word = 'nodes', ...rest] }: { path: readonly string[] }): JSX.Element {
  const first = word === 'nodes' && rest.length > 0 ? 'node' : word;
  const load = views[first];
  const [failed, setFailed] = useState<unknown>();
  const [, setLoadedName] = useState('');
  useEffect(() => {
    if (!load || loaded.has(first)) return;
    setFailed(undefined);
    const show = async (): Promise<void> => {
      loaded.set(first, await load());
      setLoadedName(first);
    };
    show().catch(setFailed);
  }, [first, load]);
  if (!load) return <NotFound />;
  if (failed !== undefined) return <Problem error={new Error('This part of the page could not be loaded')} />;
  const Show = loaded.get(first);
  return Show ? <Show rest={rest} /> : <Skeleton lines={6} />;
}

function NotFound(): JSX.Element {
  return (
    <div class="empty">
      <h1>There is no such view</h1>
      <p class="muted">The address may have been typed or copied in part.</p>
      <a class="b" href={urlOf(['nodes'])}>
        Show the nodes
      </a>
    </div>
  );
}
