import type { JSX } from 'preact';
import { useTitle } from '../ui/title.js';

export function NodesView(): JSX.Element {
  useTitle('Nodes');
  return <h1>Nodes</h1>;
}
