import { renderReport } from '../doctor/render-report.js';
import { versionLine } from '../about/program.js';
import type { Documents } from './gather-documents.js';
import { ownWords } from './own-words.js';
import { redactConfiguration } from './redact-configuration.js';
import { knownValuesIn, redactDocument } from './redact-document.js';
import { Redaction } from './redaction.js';

/**
 * The texts of the archive by their names. Only text that is known to be harmless goes in: see {@link Redaction}.
 *
 * @param words the words of the program itself. @default those that the build defines
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
  const { doctor, nextRequest, supervisor, commands, recentLog } = redactDocument(others, redaction, words);
  const files: Record<string, string | undefined> = {
    'doctor.txt': renderReport(doctor),
    'doctor.json': toJson(doctor),
    'status.json': status && toJson(rest),
    'configuration.json': configuration && toJson(configuration),
    'next-request.json': nextRequest && toJson(nextRequest),
    'commands.json': commands && toJson(commands),
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
    '\nThese files contain the texts of BaseRunner itself, with numbers, versions, times and codes. Everything else, such as\n',
    'names, addresses, values of variables and texts of other programs, is replaced, by the same pseudonym in all files.\n',
    'They contain no secrets and not the target state of the device.\n\n',
    ...(replaced.length > 0 ? replaced : ['  nothing was replaced\n']),
    '\nReview the files before you publish them.\n',
  ].join('');
}

const contents: Readonly<Record<string, string>> = {
  'doctor.txt': 'the output of baserunner doctor',
  'doctor.json': 'the same as JSON, with the facts behind it',
  'status.json': 'the output of baserunner status',
  'configuration.json': 'every setting with its value and its source; for a secret, only whether it is set',
  'next-request.json': 'the next call to Cloudly (baserunner status --wire)',
  'commands.json': 'the output of baserunner commands: what Cloudly has commanded, and what became of it',
  'supervisor.json': 'the output of baserunner check-supervisor',
  'recent-log.jsonl': 'the last lines of the log; empty if no agent runs',
};

const kinds: Readonly<Record<string, string>> = {
  mac: 'MAC addresses',
  ip: 'IP addresses',
  host: 'host names',
  device: 'device UUIDs',
  node: 'node IDs',
  cloudly: 'Cloudly IDs',
  name: 'names of apps and services',
  path: 'paths',
  setting: 'values of variables',
  uuid: 'other UUIDs, such as boot IDs',
  app: 'app IDs',
  service: 'service IDs',
  container: 'container IDs',
  image: 'images',
  release: 'releases',
  commit: 'commits',
  hash: 'hashes of a status',
  certificate: 'names on certificates',
  email: 'e-mail addresses',
  number: 'long numbers',
  user: 'users',
  key: 'names of JSON members',
  code: 'approval codes',
  text: 'texts of other programs',
  word: 'other words that BaseRunner does not use itself',
};
