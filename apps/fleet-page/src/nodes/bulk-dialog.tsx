import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ActionFields } from '../commands/action-fields.js';
import { type NodeAction, noValues } from '../commands/node-actions.js';
import { formatCount } from '../format/format-bytes.js';
import { server } from '../session/server.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { useAction } from '../ui/use-action.js';
import { useLoaded } from '../ui/use-loaded.js';
import type { Chosen } from './chosen.js';

export interface BulkDialogProps {
  action: NodeAction;
  chosen: Chosen;
  onBegun: (jobId: string) => void;
  onClose: () => void;
}

/** Asks for what the action needs, and for the number of nodes, so that nobody changes more than they think. */
export function BulkDialog({ action, chosen, onBegun, onClose }: BulkDialogProps): JSX.Element {
  const [values, setValues] = useState(noValues);
  const [typed, setTyped] = useState('');
  const count = useLoaded(chosen.selector, () => server.countNodes({ selector: chosen.selector, max: 100_000 }));
  const online = useLoaded(`online ${chosen.selector}`, () =>
    server.countNodes({ selector: `${chosen.selector} state:online`, max: 100_000 }),
  );
  const work = useAction();
  const found = count.value?.count;
  const nodes = formatCount(found ?? chosen.count, 'node');
  const isRight = found !== undefined && Number(typed.replaceAll(/[,\s]/g, '')) === found && typed.trim() !== '';
  const begin = async (): Promise<void> => {
    const id = crypto.randomUUID();
    await server.previewBulk({ id, action: action.make(values), selector: chosen.selector });
    await server.confirmBulk(id, found ?? 0);
    onBegun(id);
    onClose();
  };
  return (
    <Dialog
      title={`${action.verb}: ${nodes}`}
      confirm={`${action.verb}: ${nodes}`}
      look={action.isDangerous ? 'd p' : 'p'}
      isDisabled={!isRight}
      action={work}
      onConfirm={() => void work.run(begin)}
      onClose={onClose}
    >
      <p>{action.what}</p>
      <dl class="facts">
        <dt>Nodes</dt>
        <dd>
          {chosen.isAll ? <code>{chosen.selector === '' ? 'all' : chosen.selector}</code> : `${chosen.count} selected`}
        </dd>
        <dt>Online now</dt>
        <dd>{online.value ? formatCount(online.value.count, 'node') : <span class="sk s" />}</dd>
      </dl>
      <ActionFields action={action} values={values} onChange={setValues} />
      <Field
        label="Type the number of nodes to confirm"
        class="w8"
        inputmode="numeric"
        autofocus
        value={typed}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        hint={`${nodes} at present. If the number changes before you confirm, nothing is done.`}
      />
    </Dialog>
  );
}
