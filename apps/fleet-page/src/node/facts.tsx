import type { ComponentChildren, JSX } from 'preact';
import type { NodeDetails } from '@serve.zone/baseos-cloudly-handlers';
import { formatBytes } from '../format/format-bytes.js';
import { formatDuration } from '../format/format-duration.js';
import { shortRelease } from '../format/short-release.js';
import { CopyButton } from '../ui/copied.js';
import { Day } from '../ui/time.js';

/** What a node is and what it reports. What it does not report is left out. */
export function Facts({ details }: { details: NodeDetails }): JSX.Element {
  const rows = factsOf(details).filter(([, value]) => value !== undefined);
  return (
    <section class="box pad sec">
      <h2>Facts</h2>
      <dl class="facts">
        {rows.map(([title, value]) => (
          <>
            <dt key={title}>{title}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

function factsOf(details: NodeDetails): (readonly [string, ComponentChildren])[] {
  const { facts, lastHeartbeat, record, status } = details;
  const { host, supervisor } = status?.status ?? {};
  const { vitals } = lastHeartbeat ?? {};
  const device = supervisor && 'device' in supervisor ? supervisor.device : undefined;
  const services = supervisor && 'apps' in supervisor ? supervisor.apps.flatMap((app) => app.services) : [];
  return [
    [
      'Release',
      facts.commit && (
        <>
          <code>{shortRelease(facts.commit)}</code>
          {facts.stagedCommit && (
            <>
              , <code>{shortRelease(facts.stagedCommit)}</code> staged
            </>
          )}
        </>
      ),
    ],
    ['Updates', updatesOf(details)],
    ['Agent', facts.agentVersion && bdi(facts.agentVersion)],
    ['Supervisor', bdi([facts.supervisorVersion, facts.supervisorState].filter(Boolean).join(', '))],
    [
      'Services',
      services.length > 0 ? bdi(services.map(({ name, status: word }) => `${name}: ${word}`).join(', ')) : undefined,
    ],
    ['OS', facts.osVersion && bdi(facts.osVersion)],
    [
      'Device',
      bdi([facts.deviceType, host?.arch, host?.cpuCount && `${host.cpuCount} cores`].filter(Boolean).join(', ')),
    ],
    ['Memory', host?.memoryTotalBytes && formatBytes(host.memoryTotalBytes)],
    ['Hostname', facts.hostname && <code>{facts.hostname}</code>],
    ['Addresses', device && device.ipAddresses.length > 0 ? <code>{device.ipAddresses.join(' ')}</code> : undefined],
    ['Uptime', vitals?.hostUptimeMs === undefined ? undefined : formatDuration(vitals.hostUptimeMs)],
    ['Clock', vitals?.clockSkewMs === undefined ? undefined : describeSkew(vitals.clockSkewMs)],
    ['Node ID', <Copied text={facts.nodeId} what="node ID" />],
    ['Device UUID', facts.uuid && <Copied text={facts.uuid} what="device UUID" />],
    ['Code', record.approvalCode && <code>{record.approvalCode}</code>],
    ['Enrolled', <Day atMs={facts.registeredAtMs} />],
  ];
}

function bdi(text: string): ComponentChildren {
  return text === '' ? undefined : <bdi>{text}</bdi>;
}

function updatesOf({ facts: { updatesMode, gate } }: NodeDetails): ComponentChildren {
  if (updatesMode === undefined) return undefined;
  return updatesMode === 'gated'
    ? `Gated, gate ${gate ?? 'unknown'}`
    : updatesMode === 'free'
      ? 'Installed at once'
      : updatesMode;
}

function describeSkew(skewMs: number): string {
  if (Math.abs(skewMs) < 1000) return 'Right';
  return `${formatDuration(Math.abs(skewMs))} ${skewMs < 0 ? 'behind' : 'ahead'}`;
}

function Copied({ text, what }: { text: string; what: string }): JSX.Element {
  return (
    <span class="copy">
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}
