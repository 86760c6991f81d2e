import { parseObject } from './journal-entry.js';

/** One line that a service or the Supervisor itself logged on a device in local mode. */
export interface LocalLog {
  /** The text, without the carriage return that a service with a terminal ends its lines with. */
  message: string;
  /** In milliseconds since 1970. */
  timestampMs?: number;
  /** True for what the Supervisor says, such as `Killing service ...`. */
  isSystem: boolean;
  /** True for what a service wrote to its standard error. */
  isStandardError: boolean;
  /** Absent for what the Supervisor says. */
  serviceName?: string;
  /** The number of the service. Absent for what the Supervisor says. */
  serviceId?: number;
}

/** What the Supervisor writes at once so that the connection opens. Nobody logged it. */
const greeting = 'Streaming logs';

/**
 * Reads one line of the stream. `undefined` for the greeting and an empty line; a line that is not a log in JSON is given
 * as a message.
 */
export function readLocalLog(line: string): LocalLog | undefined {
  if (line === '') return undefined;
  const parsed = parseObject(line);
  if (parsed === undefined) return { message: line, isSystem: false, isStandardError: false };
  const { message, timestamp, serviceName, serviceId, isSystem, isStdErr } = parsed;
  if (message === greeting && isSystem === true && timestamp === undefined) return undefined;

  const log: LocalLog = {
    message: typeof message === 'string' ? message.replace(/\r$/, '') : '',
    isSystem: isSystem === true,
    isStandardError: isStdErr === true,
  };
  if (typeof timestamp === 'number') log.timestampMs = timestamp;
  if (typeof serviceName === 'string') log.serviceName = serviceName;
  if (typeof serviceId === 'number') log.serviceId = serviceId;
  return log;
}
