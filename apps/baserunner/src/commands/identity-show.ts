import { escapeControls, type ExitCode } from '@serve.zone/baseos-command-line';
import {
  type DescribedEnrolment,
  type DescribedFile,
  describeIdentity,
  type IdentityDescription,
  inSentences,
} from '@serve.zone/baseos-runner-core';
import type { CommandContext } from '../cli/command-context.js';
import { writeResult } from '../cli/write-result.js';

/** Prints what is stored about this node, without secrets. Exit code 1 if no identity can be read. */
export async function identityShow(
  { env, stdout, stderr }: CommandContext,
  { json }: { json: boolean },
): Promise<ExitCode> {
  const described = await describeIdentity(env);
  for (const notice of described.notices) stderr.write(`baserunner: ${escapeControls(inSentences(notice))}\n`);
  if (json) writeResult(stdout, described);
  else for (const line of linesOf(described)) stdout.write(`${escapeControls(line)}\n`);
  return described.nodeId === undefined ? 1 : 0;
}

function linesOf(described: IdentityDescription): string[] {
  const { nodeId, deviceUuid, previousNodeId, format, approvalCode, enrolment, otherEnrolments, files } = described;
  const rows: (readonly [string, string | undefined])[] =
    nodeId === undefined
      ? [['Node ID', described.source === 'unreadable' ? 'cannot be read' : 'none stored']]
      : [
          ['Node ID', nodeId],
          ['Device UUID', deviceUuid ?? 'not known'],
          ['Previous node', previousNodeId],
          ['Approval code', approvalCode],
          ...enrolmentRows(enrolment),
          ...otherEnrolments.map((other) => ['Earlier Cloudly', earlier(other)] as const),
          ['Format', format === 0 ? '0 (legacy)' : String(format)],
        ];
  return [...rows, ...files.map(fileRow)].flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(17)}${value}`],
  );
}

function enrolmentRows(enrolment: DescribedEnrolment | undefined): (readonly [string, string | undefined])[] {
  if (!enrolment) return [['Cloudly', 'not enrolled']];
  const { origin, cloudlyId, enrolledAt, nodeToken, previousNodeToken, dormancy } = enrolment;
  return [
    ['Cloudly', [origin || 'the first one configured', cloudlyId && `(${cloudlyId})`].filter(Boolean).join(' ')],
    ['Enrolled', enrolledAt ?? (nodeToken === undefined ? 'not yet' : 'date unknown')],
    ['Node token', nodeToken ?? 'none'],
    ['Previous token', previousNodeToken],
    ['Revoked', dormancy && `since ${dormancy.since}`],
  ];
}

function earlier({ origin, nodeToken }: DescribedEnrolment): string {
  return `${origin}, node token ${nodeToken ?? 'none'}`;
}

const fileNames: Readonly<Record<DescribedFile['kind'], string>> = {
  'state-file': 'State file',
  'last-good-copy': 'Last good copy',
  remnant: 'Kept',
};

const conditions: Readonly<Record<DescribedFile['condition'], string>> = {
  usable: '',
  kept: '',
  legacy: '',
  absent: ': missing',
  unreadable: ': cannot be read',
  damaged: ': damaged',
  unsupported: ': written by a newer version',
};

function fileRow({ path, kind, condition }: DescribedFile): readonly [string, string] {
  return [fileNames[kind], `${path}${conditions[condition]}`];
}
