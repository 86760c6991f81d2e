export { journalLogs } from './journal-logs.js';
export type { JournalEntriesOptions, JournalTextOptions } from './journal-logs.js';
export type { JournalQuery, JournalTextFormat } from './journal-query.js';
export type { JournalEntry, JournalFields } from './journal-entry.js';
export { localLogs } from './local-logs.js';
export type { LocalLogsOptions } from './local-logs.js';
export type { LocalLog } from './local-log.js';
export type { Disconnect, Reconnect, ReconnectOptions } from './reconnect.js';
