import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { OfferedInvitation, ShownInvitation, ShownOperator } from '@serve.zone/baseos-fleet-api';
import { formatUntil } from '../format/format-time.js';
import { me, server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Code } from '../ui/copied.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { now } from '../ui/now.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';
import { Day, In } from '../ui/time.js';
import { showToast } from '../ui/toasts.js';
import { useAction } from '../ui/use-action.js';
import { useLoaded } from '../ui/use-loaded.js';
import { RightsFields, rightsOf, type TypedRights } from './rights-fields.js';

/** Who works on the fleet, and who was invited to. */
export function Operators(): JSX.Element {
  const operators = useLoaded('operators', () => server.listOperators());
  const invitations = useLoaded('invitations', () => server.listInvitations());
  const [isInviting, setIsInviting] = useState(false);
  const [changed, setChanged] = useState<ShownOperator>();
  const [offered, setOffered] = useState<OfferedInvitation>();
  const reload = (): void => {
    void operators.reload();
    void invitations.reload();
  };
  const revoke = async (invitation: ShownInvitation): Promise<void> => {
    await server.revokeInvitation(invitation.id);
    showToast('Voided the invitation');
    reload();
  };
  const revoking = useAction();
  return (
    <section class="sec" id="operators">
      <div class="sec-h">
        <h2>Operators</h2>
        <Button icon="plus" onClick={() => setIsInviting(true)}>
          Invite operator…
        </Button>
      </div>
      {(operators.error ?? invitations.error ?? revoking.error) !== undefined && (
        <Problem error={operators.error ?? invitations.error ?? revoking.error} />
      )}
      {!operators.value && operators.error === undefined && <Skeleton />}
      {operators.value && (
        <div class="box">
          <table class="cards" role="table">
            <caption class="vh">Operators</caption>
            <thead role="rowgroup">
              <tr role="row">
                {['Name', 'Role', 'May see', 'Since'].map((title) => (
                  <th scope="col" role="columnheader" key={title}>
                    {title}
                  </th>
                ))}
                <th scope="col" role="columnheader">
                  <span class="vh">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody role="rowgroup">
              {operators.value.map((operator) => (
                <tr role="row" key={operator.name}>
                  <td role="cell" class="full">
                    <b>
                      <bdi>{operator.name}</bdi>
                    </b>
                  </td>
                  <td role="cell">{operator.role}</td>
                  <td role="cell" data-l="sees">
                    {operator.scope === undefined ? 'All nodes' : <code>{operator.scope}</code>}
                  </td>
                  <td role="cell" class="nowrap" data-l="since">
                    <Day atMs={operator.joinedAtMs} />
                  </td>
                  <td role="cell" class="num act">
                    <Button look="q" label={`Edit ${operator.name}`} onClick={() => setChanged(operator)}>
                      Edit…
                    </Button>
                  </td>
                </tr>
              ))}
              {(invitations.value ?? []).map((invitation) => (
                <tr role="row" key={invitation.id}>
                  <td role="cell" class="full">
                    <span class="muted">{describeInvitation(invitation)}</span>
                  </td>
                  <td role="cell">{invitation.offers.kind === 'join' ? invitation.offers.role : ''}</td>
                  <td role="cell" class="muted">
                    Link ends <In atMs={invitation.expiresAtMs} />
                  </td>
                  <td role="cell" class="drop" />
                  <td role="cell" class="num act">
                    <Button
                      look="q"
                      label={`Void the invitation: ${describeInvitation(invitation)}`}
                      onClick={() => void revoking.run(() => revoke(invitation))}
                    >
                      Void
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isInviting && (
        <InviteDialog
          onOffered={(next) => {
            setIsInviting(false);
            setOffered(next);
            reload();
          }}
          onClose={() => setIsInviting(false)}
        />
      )}
      {changed && (
        <ChangeDialog
          operator={changed}
          onOffered={(next) => {
            setChanged(undefined);
            setOffered(next);
            reload();
          }}
          onDone={reload}
          onClose={() => setChanged(undefined)}
        />
      )}
      {offered && <OfferedDialog offered={offered} onClose={() => setOffered(undefined)} />}
    </section>
  );
}

function describeInvitation({ offers }: ShownInvitation): string {
  if (offers.kind === 'first') return 'First operator invited';
  return offers.kind === 'join' ? `${offers.name} invited` : `New password for ${offers.name}`;
}

interface InviteDialogProps {
  onOffered: (offered: OfferedInvitation) => void;
  onClose: () => void;
}

function InviteDialog({ onOffered, onClose }: InviteDialogProps): JSX.Element {
  const [name, setName] = useState('');
  const [rights, setRights] = useState<TypedRights>({ role: 'operate', scope: '' });
  const work = useAction();
  const invite = async (): Promise<void> => onOffered(await server.invite({ name: name.trim(), ...rightsOf(rights) }));
  return (
    <Dialog
      title="Invite operator"
      confirm="Make a link"
      action={work}
      onConfirm={() => void work.run(invite)}
      onClose={onClose}
    >
      <Field
        label="Name"
        required
        autofocus
        autocapitalize="none"
        spellcheck={false}
        value={name}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
        hint="They sign in by it, and events name them by it. It cannot be changed."
      />
      <RightsFields value={rights} onChange={setRights} />
    </Dialog>
  );
}

interface ChangeDialogProps extends InviteDialogProps {
  operator: ShownOperator;
  onDone: () => void;
}

function ChangeDialog({ operator, onOffered, onDone, onClose }: ChangeDialogProps): JSX.Element {
  const { name, role, scope } = operator;
  const [rights, setRights] = useState<TypedRights>({ role, scope: scope ?? '' });
  const [isRemoving, setIsRemoving] = useState(false);
  const work = useAction();
  const change = async (): Promise<void> => {
    if (isRemoving) await server.removeOperator(name);
    else await server.changeOperator(name, rightsOf(rights));
    onClose();
    showToast(isRemoving ? `Removed ${name}` : `Changed ${name}`);
    onDone();
  };
  return (
    <Dialog
      title={
        <>
          Edit <bdi>{name}</bdi>
        </>
      }
      confirm={isRemoving ? `Remove ${name}` : 'Save role'}
      look={isRemoving ? 'd p' : 'p'}
      action={work}
      onConfirm={() => void work.run(change)}
      onClose={onClose}
    >
      {!isRemoving && <RightsFields value={rights} onChange={setRights} />}
      {!isRemoving && (
        <p>
          <Button onClick={() => void work.run(async () => onOffered(await server.offerNewPassword(name)))}>
            Make a link for a new password
          </Button>
        </p>
      )}
      {name !== me.value?.name && (
        <label class="pick">
          <input
            type="checkbox"
            checked={isRemoving}
            onChange={({ currentTarget }) => setIsRemoving(currentTarget.checked)}
          />
          <span>
            Remove this operator
            <br />
            <span class="hint">
              Their sessions and API tokens end at once. Their name is not given to anybody else.
            </span>
          </span>
        </label>
      )}
    </Dialog>
  );
}

function OfferedDialog({
  offered: { link, record },
  onClose,
}: {
  offered: OfferedInvitation;
  onClose: () => void;
}): JSX.Element {
  return (
    <Dialog title="Send this link" confirm="Done" hasCancel={false} onConfirm={onClose} onClose={onClose}>
      <p>
        It works once, until {formatUntil(record.expiresAtMs, now.value)}, for whoever has it. It is not shown again.
      </p>
      <Code text={link} what="link" isWrapped />
    </Dialog>
  );
}
