import { renderReport } from '../doctor/render-report.js';
import { versionLine } from '../about/program.js';
import type { Documents } from './gather-documents.js';
import { ownWords } from './own-words.js';
import { redactConfiguration } from './redact-configuration.js';
import { knownValuesIn, redactDocument } from './redact-document.js';
import { Redaction } from './redaction.js';

/**
 * The texts of the archive by their names. Nothing goes in that is not known to be harmless: see {@link Redaction}.
 *
 * @param words what the program says itself. @default those that the build put in
 */
export function archiveFiles(
  { known, ...documents }: Documents,
  madeAt: string,
  words: ReadonlySet<string> = ownWords,
): Record<string, string> {
  const redaction = new Redaction(words, [...known, ...knownValuesIn(documents)]);
  const { status, ...others } = documents;
  const { configuration: settings, ...ofStatus } = status ?? {};
  const rest = redactDocument(ofStatus, redaction, words);
  const configuration = settings && redactConfiguration(settings, redaction);
  const { doctor, nextRequest, supervisor, recentLog } = redactDocument(others, redaction, words);
  const files: Record<string, string | undefined> = {
    'doctor.txt': renderReport(doctor),
    'doctor.json': toJson(doctor),
    'status.json': status && toJson(rest),
    'configuration.json': configuration && toJson(configuration),
    'next-request.json': nextRequest && toJson(nextRequest),
    'supervisor.json': supervisor && toJson(supervisor),
    'recent-log.jsonl': recentLog.map((line) => `${JSON.stringify(line)}\n`).join(''),
  };
  const present = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    'README.txt': readme(Object.fromEntries(present), redaction.pseudonyms.counts, madeAt),
    ...Object.fromEntries(present),
  };
}

function toJson(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function readme(files: Record<string, string>, counts: Readonly<Record<string, number>>, madeAt: string): string {
  const about = Object.keys(files).map((name) => `  ${name.padEnd(20)} ${contents[name] ?? ''}\n`);
  const replaced = Object.entries(counts).map(
    ([kind, count]) => `  ${kind.padEnd(20)} ${count} of ${kinds[kind] ?? kind}\n`,
  );
  return [
    `A diagnosis of BaseRunner ${versionLine}, made at ${madeAt} by \`baserunner diagnose\`.\n\n`,
    ...about,
    '\nWhat stands here is what BaseRunner says itself, with numbers, versions, times and codes. Everything else, as names,\n',
    'addresses, values of variables and what other programs said, is replaced: the same by the same in all files. Neither\n',
    'secrets nor the target state of the device are in here.\n\n',
    ...(replaced.length > 0 ? replaced : ['  nothing was found\n']),
    '\nRead it through before you publish it.\n',
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
  host: 'host names',
  device: 'UUIDs of devices',
  node: 'node IDs',
  cloudly: 'IDs of Cloudlys',
  name: 'names of apps and services',
  path: 'paths',
  setting: 'values of variables',
  uuid: 'other UUIDs, as of boots',
  app: 'IDs of apps',
  service: 'IDs of services',
  container: 'IDs of containers',
  image: 'images',
  release: 'releases',
  commit: 'commits',
  hash: 'digests of a status',
  certificate: 'names on certificates',
  email: 'addresses of mail',
  number: 'long numbers',
  user: 'users',
  key: 'names of members',
  code: 'approval codes',
  text: 'texts of others',
  word: 'other words that are not of BaseRunner',
};
