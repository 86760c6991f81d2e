import type { RecordedAnswer } from '../recordings/recording.js';

/** The lines of a recorded stream that were recorded whole. */
function linesOf({ body, isCut }: RecordedAnswer): string[] {
  const lines = body.split('\n');
  const rest = lines.pop() ?? '';
  return isCut || rest === '' ? lines : [...lines, rest];
}

/** What the reader of the journal must return: lines as they are, or entries where JSON was asked for. */
export function expectedJournal(answer: RecordedAnswer, format: unknown): unknown[] {
  if (format !== 'json') return linesOf(answer);
  return linesOf(answer)
    .filter((line) => line !== '' && !line.startsWith('-- '))
    .map((line) => entryOf(JSON.parse(line) as Record<string, unknown>));
}

function entryOf(fields: Record<string, unknown>): unknown {
  const { MESSAGE: message, __REALTIME_TIMESTAMP: timestampUs, PRIORITY: priority } = fields;
  const text = Array.isArray(message) ? Buffer.from(message as number[]).toString() : ((message ?? '') as string);
  return present({
    message: text.replace(/\r$/, ''),
    timestampMs: timestampUs === undefined ? undefined : Math.floor(Number(timestampUs) / 1000),
    unit: fields['_SYSTEMD_UNIT'],
    identifier: fields['SYSLOG_IDENTIFIER'],
    containerName: fields['CONTAINER_NAME'],
    priority: priority === undefined ? undefined : Number(priority),
    cursor: fields['__CURSOR'],
    fields,
  });
}

/** What the reader of the local log must return: every logged line, which excludes the first line. */
export function expectedLocalLogs(answer: RecordedAnswer): unknown[] {
  return linesOf(answer)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ timestamp }) => timestamp !== undefined)
    .map(({ message, timestamp, isSystem, isStdErr, serviceName, serviceId }) =>
      present({
        message: String(message).replace(/\r$/, ''),
        timestampMs: timestamp,
        isSystem: isSystem === true,
        isStandardError: isStdErr === true,
        serviceName,
        serviceId,
      }),
    );
}

function present(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
