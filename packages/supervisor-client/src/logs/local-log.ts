import { parseObject } from './journal-entry.js';

/** A line that a service or the Supervisor logged on a device in local mode. */
export interface LocalLog {
  /** The text, without the carriage return at the end of lines of a service with a terminal. */
  message: string;
  /** In milliseconds since 1970. */
  timestampMs?: number;
  /** True for lines of the Supervisor, such as `Killing service ...`. */
  isSystem: boolean;
  /** True for lines that a service wrote to standard error. */
  isStandardError: boolean;
  /** Absent for lines of the Supervisor. */
  serviceName?: string;
  /** The service's ID. Absent for lines of the Supervisor. */
  serviceId?: number;
}

/** The Supervisor sends this to open the connection. It is not a log line. */
const greeting = 'Streaming logs';

/**
 * Reads a line of the stream. `undefined` for the greeting and an empty line; a line that is not a JSON log entry becomes a
 * message.
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
