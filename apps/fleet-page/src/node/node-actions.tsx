import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { BulkAction, NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { ActionFields } from '../commands/action-fields.js';
import { type NodeAction, nodeActions, noValues } from '../commands/node-actions.js';
import { nameOf } from '../format/name-of.js';
import { go, urlOf } from '../route/here.js';
import { may } from '../session/may.js';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { useKeys } from '../ui/keys.js';
import { showToast } from '../ui/toasts.js';
import { useAction } from '../ui/use-action.js';

export interface NodeActionsProps {
  details: NodeDetails;
  onDone: () => void;
}

const MENU = 'node-more';
const shownFirst = new Set(['update', 'restart-app', 'reboot']);

/** What can be done to a node as it stands. */
export function NodeActions({ details, onDone }: NodeActionsProps): JSX.Element {
  const [action, setAction] = useState<NodeAction>();
  const [isNaming, setIsNaming] = useState(false);
  const work = useAction();
  useKeys({ '.': () => document.getElementById(MENU)?.togglePopover() });
  const { state, facts } = details;
  const offered = nodeActions.filter(({ id, needed }) => may(needed) && id !== 'label' && isPossible(id, state));
  const choose = (next: NodeAction): void => {
    document.getElementById(MENU)?.hidePopover();
    setAction(next);
  };
  const isPending = state === 'pending';
  const approve = async (): Promise<void> => {
    await server.approve(facts.nodeId);
    showToast(`Approved ${nameOf(facts)}`);
    onDone();
  };
  return (
    <div class="acts">
      {isPending && may('operate') && (
        <Button look="p" isBusy={work.isBusy} onClick={() => void work.run(approve)}>
          Approve
        </Button>
      )}
      {!isPending &&
        offered
          .filter(({ id }) => shownFirst.has(id))
          .map((each) => (
            <Button key={each.id} look={each.id === 'reboot' ? 'hide-s' : ''} onClick={() => choose(each)}>
              {each.verb}…
            </Button>
          ))}
      {may('operate') && (
        <>
          <Button icon="more" look="x" label="More actions" opens={MENU} />
          <div class="pop" id={MENU} popover="auto">
            {offered.map((each) => (
              <button
                key={each.id}
                class={`item ${each.isDangerous ? 'bad' : ''}`}
                type="button"
                onClick={() => choose(each)}
              >
                {each.verb}…
              </button>
            ))}
            <button
              class="item"
              type="button"
              onClick={() => {
                document.getElementById(MENU)?.hidePopover();
                setIsNaming(true);
              }}
            >
              Rename…
            </button>
          </div>
        </>
      )}
      {action && (
        <ActionDialog details={details} action={action} onDone={onDone} onClose={() => setAction(undefined)} />
      )}
      {isNaming && <RenameDialog details={details} onDone={onDone} onClose={() => setIsNaming(false)} />}
    </div>
  );
}

/** Who waits for approval, or is locked out, takes no commands. */
function isPossible(id: string, state: NodeDetails['state']): boolean {
  if (id === 'unrevoke') return state === 'revoked';
  if (state === 'revoked') return id === 'forget';
  return state !== 'pending' || id === 'revoke' || id === 'forget';
}

interface ActionDialogProps extends NodeActionsProps {
  action: NodeAction;
  onClose: () => void;
}

function ActionDialog({ details: { facts }, action, onDone, onClose }: ActionDialogProps): JSX.Element {
  const [values, setValues] = useState(noValues);
  const [typed, setTyped] = useState('');
  const work = useAction();
  const name = nameOf(facts);
  const isFinal = action.id === 'forget';
  const run = async (): Promise<void> => {
    await carryOut(facts.nodeId, action.make(values));
    onClose();
    showToast(`${action.verb}: ${name}`, {
      text: isCommand(action) ? 'The node hears of it within seconds, or with its next heartbeat.' : undefined,
    });
    if (isFinal) go(urlOf(['nodes']), true);
    else onDone();
  };
  return (
    <Dialog
      title={
        <>
          {action.verb}: <bdi>{name}</bdi>
        </>
      }
      confirm={action.verb}
      look={action.isDangerous ? 'd p' : 'p'}
      isDisabled={isFinal && typed !== name}
      action={work}
      onConfirm={() => void work.run(run)}
      onClose={onClose}
    >
      <p>{action.what}</p>
      <ActionFields action={action} values={values} onChange={setValues} />
      {isFinal && (
        <Field
          label="Type the name of the node to confirm"
          autofocus
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          hint={name}
        />
      )}
    </Dialog>
  );
}

function isCommand({ make }: NodeAction): boolean {
  return make(noValues).kind === 'command';
}

function carryOut(nodeId: string, action: BulkAction): Promise<unknown> {
  switch (action.kind) {
    case 'command':
      return server.queueCommand(nodeId, action.order, crypto.randomUUID());
    case 'approve':
      return server.approve(nodeId);
    case 'revoke':
      return server.revoke(nodeId);
    case 'unrevoke':
      return server.unrevoke(nodeId);
    case 'forget':
      return server.forget(nodeId);
    case 'rotate-token':
      return server.rotateToken(nodeId);
    case 'set-updates':
      return server.setUpdatesMode(nodeId, action.updatesMode);
    default:
      return server.label(nodeId, action.labels);
  }
}

function RenameDialog({
  details: { profile },
  onDone,
  onClose,
}: NodeActionsProps & { onClose: () => void }): JSX.Element {
  const [name, setName] = useState(profile.name ?? '');
  const work = useAction();
  const save = async (): Promise<void> => {
    await server.rename(profile.nodeId, name.trim() === '' ? undefined : name.trim(), { revision: profile.revision });
    onClose();
    onDone();
  };
  return (
    <Dialog title="Rename" confirm="Save name" action={work} onConfirm={() => void work.run(save)} onClose={onClose}>
      <Field
        label="Name"
        autofocus
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
        hint="Shown in place of the host name. Without a name, the host name is shown."
      />
    </Dialog>
  );
}
