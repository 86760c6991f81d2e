import { renderReport } from '../doctor/render-report.js';
import { version } from '../version.js';
import type { Documents } from './gather-documents.js';
import { Pseudonyms } from './pseudonyms.js';

/** The texts of the archive by their names; nothing in them is secret, or tells whose device it is. */
export function archiveFiles(documents: Documents, madeAt: string): Record<string, string> {
  const { hostname, deviceUuids, ...shown } = documents;
  const { status, nextRequest } = shown;
  const body = nextRequest?.request?.body as { status?: { host?: { hostname?: string } } } | undefined;
  const hostnames = [hostname, status?.runtime.host.hostname, body?.status?.host?.hostname];
  const uuids = [...deviceUuids, status?.runtime.device.uuid];
  const pseudonyms = new Pseudonyms({
    hostnames: [...new Set(hostnames)].filter(isText),
    deviceUuids: [...new Set(uuids)].filter(isText),
  });
  const { doctor, supervisor, recentLog } = pseudonyms.replaceIn(shown);
  const clean = pseudonyms.replaceIn({ status, nextRequest });
  const { configuration, ...rest } = clean.status ?? {};
  const files: Record<string, string | undefined> = {
    'doctor.txt': renderReport(doctor),
    'doctor.json': toJson(doctor),
    'status.json': clean.status && toJson(rest),
    'configuration.json': configuration && toJson(configuration),
    'next-request.json': clean.nextRequest && toJson(clean.nextRequest),
    'supervisor.json': supervisor && toJson(supervisor),
    'recent-log.jsonl': recentLog.map((line) => `${JSON.stringify(line)}\n`).join(''),
  };
  const present = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    'README.txt': readme(Object.fromEntries(present), pseudonyms.counts, madeAt),
    ...Object.fromEntries(present),
  };
}

const isText = (text: string | undefined): text is string => text !== undefined && text !== '';

const toJson = (document: unknown): string => `${JSON.stringify(document, undefined, 2)}\n`;

function readme(files: Record<string, string>, counts: Readonly<Record<string, number>>, madeAt: string): string {
  const about = Object.keys(files).map((name) => `  ${name.padEnd(20)} ${contents[name] ?? ''}\n`);
  const replaced = Object.entries(counts).map(
    ([kind, count]) => `  ${kind.padEnd(20)} ${count} of ${kinds[kind] ?? kind}\n`,
  );
  return [
    `A diagnosis of BaseRunner ${version}, made at ${madeAt} by \`baserunner diagnose\`.\n\n`,
    ...about,
    '\nSecrets (tokens, keys, passwords) are not in here. Nor is the target state of the device, which holds the environment\n',
    'of its apps. In the place of personal data stand names such as <ip 1>, the same for the same in all files:\n\n',
    ...(replaced.length > 0 ? replaced : ['  nothing was found\n']),
    '\nWhat stays: node IDs, the address of Cloudly, names of apps and services. Read it through before you publish it.\n',
  ].join('');
}

const contents: Readonly<Record<string, string>> = {
  'doctor.txt': 'what baserunner doctor says',
  'doctor.json': 'the same for programs, with the facts behind it',
  'status.json': 'what baserunner status says',
  'configuration.json': 'every setting with its value and its source; of a secret only whether it is set',
  'next-request.json': 'the next call to Cloudly (baserunner status --wire)',
  'supervisor.json': 'what baserunner check-supervisor says',
  'recent-log.jsonl': 'what the agent logged last; empty where none runs',
};

const kinds: Readonly<Record<string, string>> = {
  mac: 'MAC addresses',
  ip: 'IP addresses',
  host: 'host names of this machine',
  device: 'UUIDs of the device',
};
