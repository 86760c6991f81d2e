import { isFleetError } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { type CommandDef, defineCommand } from 'citty';
import type { CommandContext } from '../command/command-context.js';
import { describeNode } from '../nodes/describe-node.js';
import { decideAboutNode } from '../operator/decide-about-node.js';
import { findNode, nodeFlag } from '../operator/find-node.js';
import { fleetFlags, withFleet } from '../operator/with-fleet.js';
import { jsonFlag } from '../output/write-json.js';

const flags = {
  node: nodeFlag,
  text: {
    type: 'positional',
    required: false,
    description: "The notes, - to read them from stdin, '' to remove them; none to write them in $EDITOR",
  },
  json: jsonFlag,
  ...fleetFlags,
} as const;

const STDIN = '-';

export function nodeNoteCommand(context: CommandContext): CommandDef<typeof flags> {
  return defineCommand({
    meta: { name: 'note', description: 'Write the notes about a node' },
    args: flags,
    run: ({ args }) =>
      withFleet(context, args, async (fleet) => {
        const { nodeId } = (await findNode(fleet, args.node)).facts;
        await decideAboutNode(context, fleet, {
          nodeId,
          isJson: args.json,
          decide: async ({ facts, profile: { notes = '', revision } }) => {
            const text = await readNotes(context, args.text, notes);
            if (text === notes) return `The notes about ${describeNode(facts)} stay as they are.`;
            try {
              await fleet.setNotes(nodeId, text, { revision });
            } catch (error) {
              // What a person has written is not lost.
              if (isFleetError(error) && args.text === undefined) context.stdout.write(`${text}\n`);
              throw error;
            }
            return `The notes about ${describeNode(facts)} are ${text.trim() === '' ? 'removed' : 'saved'}.`;
          },
        });
      }),
  });
}

/** @throws UsageError if there is neither a text nor an editor. */
async function readNotes({ terminal }: CommandContext, typed: string | undefined, before: string): Promise<string> {
  // A text in a file ends with a line end.
  if (typed === STDIN) return (await terminal.readInput()).trimEnd();
  if (typed !== undefined) return typed;
  if (terminal.editText) return (await terminal.editText(before)).trimEnd();
  throw new UsageError('node note needs a text, or - to read it from stdin: there is no terminal for an editor here.');
}
