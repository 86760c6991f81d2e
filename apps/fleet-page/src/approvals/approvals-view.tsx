import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { formatCount } from '../format/format-bytes.js';
import { nameOf } from '../format/name-of.js';
import { useEvents } from '../live/use-events.js';
import { here, go, urlOf } from '../route/here.js';
import { server } from '../session/server.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Problem } from '../ui/problem.js';
import { Skeleton } from '../ui/skeleton.js';
import { Ago } from '../ui/time.js';
import { useTitle } from '../ui/title.js';
import { showToast } from '../ui/toasts.js';
import { useAction } from '../ui/use-action.js';
import { useLoaded } from '../ui/use-loaded.js';
import { foldCode, groupCode } from './approval-code.js';

/** Each takes a request for its code. */
const SHOWN_MAX = 20;

/** Nodes that wait for somebody who has seen their code. */
export function ApprovalsView(): JSX.Element {
  useTitle('Approvals');
  const code = here.value.query.get('code') ?? '';
  const waiting = useLoaded('waiting', async () => {
    const { nodes } = await server.listNodes({
      selector: 'state:pending',
      sort: { by: 'registered', isDescending: true },
      limit: SHOWN_MAX,
    });
    const details = await Promise.all(nodes.map(({ facts }) => server.getNode(facts.nodeId)));
    return { details, count: await server.countNodes({ selector: 'state:pending' }) };
  });
  useEvents((events) => {
    if (events.length === 0 || events.some(({ kind }) => /^node-(?:registered|approved|revoked|forgotten)$/.test(kind)))
      void waiting.reload();
  });
  const found = (waiting.value?.details ?? []).filter(({ record }) =>
    foldCode(record.approvalCode ?? '').startsWith(foldCode(code)),
  );
  return (
    <>
      <div class="head">
        <div>
          <h1>Approvals</h1>
          <p class="lead">
            Approve a node only if the code here is the code that the device logs. Then nobody else can take its place.
          </p>
        </div>
      </div>
      <form class="box pad stack" onSubmit={(event) => event.preventDefault()}>
        <Field
          label="Code from the device"
          class="mono w8"
          autocapitalize="characters"
          spellcheck={false}
          maxLength={12}
          value={code}
          onInput={({ currentTarget }) => go(urlOf(['approvals'], { code: currentTarget.value }), true)}
          hint={
            <>
              Upper or lower case; spaces and dashes do not matter. The device logs it as “approval code”, and{' '}
              <code>baserunner status</code> shows it.
            </>
          }
        />
      </form>
      {waiting.error !== undefined && <Problem error={waiting.error} />}
      {!waiting.value && waiting.error === undefined && <Skeleton lines={6} />}
      {waiting.value && (
        <section class="sec">
          {found.length > 0 && (
            <h2>{code === '' ? waits(waiting.value.count.count) : `${found.length} with this code`}</h2>
          )}
          {found.length === 0 ? (
            <NoneWaits isFiltered={code !== ''} />
          ) : (
            <ul class="plots">
              {found.map((details) => (
                <Pending
                  key={details.facts.nodeId}
                  details={details}
                  typed={code}
                  onDone={() => void waiting.reload()}
                />
              ))}
            </ul>
          )}
          {waiting.value.count.count > SHOWN_MAX && code === '' && (
            <p class="hint">
              The newest {SHOWN_MAX} are shown. <a href={urlOf(['nodes'], { selector: 'state:pending' })}>Show all</a>
            </p>
          )}
        </section>
      )}
    </>
  );
}

function waits(count: number): string {
  return count === 1 ? '1 node waits' : `${formatCount(count, 'node')} wait`;
}

function NoneWaits({ isFiltered }: { isFiltered: boolean }): JSX.Element {
  return (
    <div class="box empty">
      <h2>{isFiltered ? 'No waiting node has this code' : 'No node waits for approval'}</h2>
      <p class="muted">
        {isFiltered
          ? 'Compare it with the log of the device once more. A device that has not reached Cloudly yet is not here either.'
          : 'Nodes appear here that enrol with a join token whose nodes are approved by code.'}
      </p>
      {!isFiltered && (
        <a class="b" href={urlOf(['join-tokens'])}>
          Create a join token
        </a>
      )}
    </div>
  );
}

interface PendingProps {
  details: NodeDetails;
  typed: string;
  onDone: () => void;
}

function Pending({ details, typed, onDone }: PendingProps): JSX.Element {
  const { facts, labels, record } = details;
  const code = groupCode(record.approvalCode ?? '');
  const [isRejecting, setIsRejecting] = useState(false);
  const approval = useAction();
  const rejection = useAction();
  const approve = async (): Promise<void> => {
    await server.approve(facts.nodeId, { approvalCode: record.approvalCode });
    showToast(`Approved ${nameOf(facts)}`);
    onDone();
  };
  const reject = async (): Promise<void> => {
    await server.revoke(facts.nodeId);
    setIsRejecting(false);
    showToast(`Rejected ${nameOf(facts)}`);
    onDone();
  };
  return (
    <li class="box pad stack">
      <div class="sec-h">
        <p class="appcode">
          <span class="vh">Code </span>
          <Marked code={code} typed={typed} />
        </p>
        <span class="small muted">
          Asked <Ago atMs={facts.registeredAtMs} />
        </span>
      </div>
      <dl class="facts">
        <dt>Hostname</dt>
        <dd>
          <a href={urlOf(['nodes', facts.nodeId])}>
            <bdi>{nameOf(facts)}</bdi>
          </a>
        </dd>
        <dt>Device</dt>
        <dd>
          <bdi>{facts.deviceType ?? 'not reported'}</bdi>
        </dd>
        <dt>Labels</dt>
        <dd>
          {Object.keys(labels).length === 0 ? (
            <span class="muted">none</span>
          ) : (
            <span class="tags">
              {Object.entries(labels).map(([key, value]) => (
                <bdi class="tag" key={key}>
                  {key}={value}
                </bdi>
              ))}
            </span>
          )}
        </dd>
        <dt>Node ID</dt>
        <dd>
          <code>{facts.nodeId}</code>
        </dd>
      </dl>
      {approval.error !== undefined && <Problem error={approval.error} />}
      <p class="acts">
        <Button look="p" label={`Approve ${code}`} isBusy={approval.isBusy} onClick={() => void approval.run(approve)}>
          Approve
        </Button>
        <Button look="d" label={`Reject ${code}`} onClick={() => setIsRejecting(true)}>
          Reject…
        </Button>
      </p>
      {isRejecting && (
        <Dialog
          title="Reject this node?"
          confirm="Reject the node"
          look="d p"
          action={rejection}
          onConfirm={() => void rejection.run(reject)}
          onClose={() => setIsRejecting(false)}
        >
          <p>
            The node with the code <b class="mono">{code}</b> is locked out. An admin can lift that later.
          </p>
        </Dialog>
      )}
    </li>
  );
}

/** Which part of a code is typed already. */
function Marked({ code, typed }: { code: string; typed: string }): JSX.Element {
  let rest = foldCode(typed).length;
  const end = Array.from(code).findIndex((character) => {
    if (rest === 0) return true;
    if (/\w/.test(character)) rest -= 1;
    return false;
  });
  const at = typed === '' ? 0 : end === -1 ? code.length : end;
  return (
    <>
      {at > 0 && <mark>{code.slice(0, at)}</mark>}
      {code.slice(at)}
    </>
  );
}
