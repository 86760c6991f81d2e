import type { CallerFleet, NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import type { CommandContext } from '../command/command-context.js';
import { report } from '../command/report.js';
import { viewNode } from '../nodes/node-view.js';
import { writeJson } from '../output/write-json.js';

/** Carries out a decision about one node, and resolves with a sentence: the new state, and its consequences. */
export type Decide = (before: NodeDetails, fleet: CallerFleet) => Promise<string>;

export interface NodeDecisionOptions {
  nodeId: string;
  decide: Decide;
  isJson: boolean | undefined;
}

/** Carries out an operator's decision about one node and reports it on stderr; for programs, prints the node on stdout. */
export async function decideAboutNode(
  context: CommandContext,
  fleet: CallerFleet,
  { nodeId, decide, isJson }: NodeDecisionOptions,
): Promise<void> {
  const sentence = await decide(await fleet.getNode(nodeId), fleet);
  report(context, sentence);
  if (isJson) writeJson(context.stdout, viewNode(await fleet.getNode(nodeId), Date.now()));
}
