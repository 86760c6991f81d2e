import { expiryOf, readTlsCredentials, type TlsCredentials, type TlsFiles } from '../http/tls-credentials.js';
import type { LogEntry } from '../log/create-log.js';

/** What the log says of the certificate that a server shows from now on. */
export function describeCredentials(
  credentials: TlsCredentials,
  event: 'certificate' | 'certificate-renewed',
  nowMs: number,
): LogEntry {
  const expiry = expiryOf(credentials);
  const which = event === 'certificate' ? 'The certificate' : 'The certificate from the files as they are now';
  const fields = { expiresAt: expiry.toISOString() };
  return expiry.getTime() > nowMs
    ? { level: 'info', event, message: `${which} is good until ${expiry.toISOString()}`, fields }
    : {
        level: 'warn',
        event,
        message: `${which} expired at ${expiry.toISOString()}: devices refuse it`,
        fields,
      };
}

/** Has a server show a renewed certificate, and gives what to say of that. Files that cannot serve change nothing. */
export function renewCredentials(files: TlsFiles, use: (credentials: TlsCredentials) => void): LogEntry {
  try {
    const credentials = readTlsCredentials(files);
    use(credentials);
    return describeCredentials(credentials, 'certificate-renewed', Date.now());
  } catch (error) {
    const message = `The certificate stays the one before: ${(error as Error).message}`;
    return { level: 'error', event: 'certificate-kept', message };
  }
}
