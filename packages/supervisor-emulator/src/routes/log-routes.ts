import { sendStream } from '../call/answer.js';
import type { StreamBody } from '../call/answer.js';
import { isTruthy } from '../call/check-value.js';
import type { Era } from '../eras/era.js';
import { fail } from '../call/failures.js';
import { followJournal } from '../journal/follow-journal.js';
import { formatEntry, listFormats } from '../journal/journal-format.js';
import type { JournalFormat } from '../journal/journal-format.js';
import type { JournalEntry } from '../model/journal.js';
import { readJournalQuery } from '../journal/journal-query.js';
import type { JournalQuery } from '../journal/journal-query.js';
import { completeConfig } from '../model/device-config.js';
import { hexId } from '../model/model.js';
import type { Model } from '../model/model.js';
import type { ParsedBody } from '../call/parse-body.js';
import type { Call, Outcome, Route } from '../call/route.js';

/** The output of the device and its services, as streams without a content type. */
export const logRoutes: readonly Route[] = [
  { method: 'POST', path: '/v2/journal-logs', since: '10.2.0', key: 'any', handle: journalLogs },
  { method: 'GET', path: '/v2/local/logs', since: '7.21.0', key: 'any', handle: localLogs },
];

function journalLogs({ era }: Model, { body, now }: Call): Outcome {
  const read = readJournalQuery(knownOptions(body, era), now);
  if (read.kind === 'failure') return { answer: fail(era, read.message) };
  if (read.kind === 'refused') return { answer: { status: 200, headers: { 'Content-Length': '0' }, body: '' } };
  const { format } = read.query;
  return { answer: sendStream(format === 'help' ? formatNames : journalBody(read.query, format)) };
}

// Arguments that an older version does not know are ignored.
function knownOptions(body: ParsedBody, era: Era): ParsedBody {
  const { since, until, containerId, ...others } = body;
  return {
    ...others,
    ...(era.journalHasNoTimes ? {} : { since, until }),
    ...(era.journalHasNoContainers ? {} : { containerId }),
    ...(era.journalIsExported ? { format: 'export' } : {}),
  };
}

async function* formatNames(): AsyncIterable<string> {
  yield listFormats();
}

function journalBody({ matches, count, follow, all }: JournalQuery, format: JournalFormat): StreamBody {
  return async function* journal(watch) {
    const { model } = watch.look();
    const host = { hostname: model.host.hostname, machineId: hexId(model.seed, 'machine').slice(0, 32) };
    const last = count === Infinity ? 0 : -count;
    let previous: JournalEntry | undefined;
    for (const entry of model.journal.entries.filter(matches).slice(last)) {
      yield formatEntry(format, { entry, host, all, previous });
      previous = entry;
    }
    if (previous === undefined && !follow) yield '-- No entries --\n';
    if (!follow) return;
    for await (const entry of followJournal(watch, model.journal.next)) {
      if (!matches(entry)) continue;
      yield formatEntry(format, { entry, host, all, previous });
      previous = entry;
    }
  };
}

function localLogs({ era, journal }: Model): Outcome {
  const { next } = journal;
  return {
    answer: sendStream(async function* logs(watch) {
      if (!era.logsGreetNobody) yield `${JSON.stringify({ message: 'Streaming logs', isSystem: true })}\n`;
      for await (const entry of followJournal(watch, next)) {
        const message = publishesLocally(watch.look().model) ? localMessage(entry) : undefined;
        if (message) yield `${JSON.stringify(message)}\n`;
      }
    }),
  };
}

// Outside local mode, logs go only to the cloud.
function publishesLocally({ localMode, cloud, host }: Model): boolean {
  const config = completeConfig(host.wantedConfig, { unmanaged: cloud === 'none' });
  return localMode && isTruthy(config['SUPERVISOR_LOG_CONTROL']);
}

function localMessage({ source, message, systemMessage, priority, atUs }: JournalEntry): object | undefined {
  const timestamp = Math.floor(atUs / 1000);
  if (source.kind === 'service') {
    const { serviceName, serviceId } = source;
    return { serviceName, message, isStdErr: priority === 3, timestamp, serviceId };
  }
  return systemMessage === undefined ? undefined : { message: systemMessage, isSystem: true, timestamp };
}
