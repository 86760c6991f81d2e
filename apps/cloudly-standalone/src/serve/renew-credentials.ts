import {
  flawsOf,
  readTlsCredentials,
  type TlsCredentials,
  type TlsFiles,
  untimelinessOf,
  validityOf,
} from '../tls/tls-credentials.js';
import type { LogEntry } from '../log/create-log.js';

/** What the log says about the certificate that a server uses from now on. */
export function describeCredentials(
  credentials: TlsCredentials,
  event: 'certificate' | 'certificate-renewed',
  nowMs: number,
): LogEntry {
  const { notBefore, notAfter } = validityOf(credentials);
  const which = event === 'certificate' ? 'The certificate' : 'The reloaded certificate';
  const fields = { notBefore: notBefore.toISOString(), expiresAt: notAfter.toISOString() };
  const untimeliness = untimelinessOf(credentials, nowMs);
  const flaws = flawsOf(credentials, nowMs).join('; it ');
  if (untimeliness !== undefined) {
    const message = `${which} ${untimeliness}: devices reject it. Replace the file with a valid certificate and send SIGHUP.`;
    return { level: 'warn', event, message, fields };
  }
  const message = `${which} is valid until ${notAfter.toISOString()}`;
  if (flaws === '') return { level: 'info', event, message, fields };
  return { level: 'warn', event, message: `${message}, but it ${flaws}: devices may reject it.`, fields };
}

export interface Renewal {
  /** The credentials that the server uses from now on: the new ones, or the previous ones. */
  credentials: TlsCredentials;
  entry: LogEntry;
}

/**
 * Makes a server use a renewed certificate, and returns what to log about it. Unusable files change nothing, and
 * neither does a certificate that devices reject because of its dates while the previous one is valid.
 */
export function renewCredentials(
  files: TlsFiles,
  before: TlsCredentials,
  use: (credentials: TlsCredentials) => void,
  nowMs: number = Date.now(),
): Renewal {
  const keep = (why: string): Renewal => {
    const message = `The previous certificate stays in use: ${why}`;
    return { credentials: before, entry: { level: 'error', event: 'certificate-kept', message } };
  };
  try {
    const credentials = readTlsCredentials(files);
    const untimeliness = untimelinessOf(credentials, nowMs);
    if (untimeliness !== undefined && untimelinessOf(before, nowMs) === undefined) {
      return keep(`the one in ${files.certPath} ${untimeliness}. Replace it with a valid one and send SIGHUP again.`);
    }
    use(credentials);
    return { credentials, entry: describeCredentials(credentials, 'certificate-renewed', nowMs) };
  } catch (error) {
    return keep((error as Error).message);
  }
}
