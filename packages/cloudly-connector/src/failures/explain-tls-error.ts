import type { TransportFailureDetails } from './transport-failure.js';

/** What one of OpenSSL's reasons means: a clause about the other side, and a sentence that says what can be done. */
type Meaning = readonly [explanation: string, remedy: string];

/**
 * Why a TLS handshake failed, or the other side ended it afterwards: what is known of it by the name that OpenSSL has for it,
 * which Node gives as `ERR_SSL_...` or, in the words of an `EPROTO`, in its message. `undefined` where the error is not one
 * of TLS. The certificate, if one came, is judged elsewhere.
 */
export function explainTlsError(error: unknown): Omit<TransportFailureDetails, 'place'> | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  if (code === 'ECONNRESET' && /before secure TLS connection was established/.test(message)) return handshakeBrokenOff;
  const name = /^(?:EPROTO$|ERR_SSL_)/.test(code) ? opensslName(code, message) : undefined;
  if (name === undefined) return undefined;
  const [explanation, remedy] = meanings.get(withoutFamily(name)) ?? [
    `the TLS handshake failed: ${name.toLowerCase().replaceAll('_', ' ')}`,
    'Check what answers there, and look for a firewall or a proxy on the way that opens TLS.',
  ];
  return { reason: `ERR_SSL_${name}`, explanation, remedy };
}

/** What it means that the connection ends, without a word, before TLS is established. */
export const handshakeBrokenOff: Omit<TransportFailureDetails, 'place'> = {
  reason: 'ECONNRESET',
  explanation: 'it took the connection and broke it off in the TLS handshake',
  remedy:
    'Check that the URL has the port at which it speaks https, and look for a firewall or a proxy on the way that lets no TLS to this name through.',
};

/** As OpenSSL names it, in capitals; of its own text alone, which holds nothing that came over the network. */
function opensslName(code: string, message: string): string | undefined {
  const named = /:SSL routines:[^:]*:([^:]{1,80}):/.exec(message)?.[1] ?? code.replace(/^ERR_SSL_|^EPROTO$/, '');
  const name = named.toUpperCase().replaceAll(/\W+/g, '_');
  return name === '' ? 'EPROTO' : name;
}

/** Alerts have other prefixes in every version of OpenSSL: `SSLV3_ALERT_`, `SSL/TLS_ALERT_`, `TLSV1_`. */
function withoutFamily(name: string): string {
  return name.replace(/^(?:SSL_TLS|SSLV3|TLSV1|TLSV13)_(?:ALERT_)?/, '');
}

const noTls: Meaning = [
  'it does not speak TLS there, so the URL may need http or another port',
  'Check scheme and port of the URL; on a network with a login, the login page may have answered.',
];
const oldVersion: Meaning = [
  'it speaks no version of TLS that this device accepts (1.2 and newer)',
  'Enable TLS 1.2 or 1.3 there, or look for an old proxy on the way that opens TLS.',
];
const nothingInCommon: Meaning = [
  'it refused the TLS handshake: it accepts no cipher or version that this device offers, or asks for a certificate of the device',
  'Check the ciphers and versions of TLS that it is set to, and that it asks for no client certificate.',
];
const clientCertificate: Meaning = [
  'it asks for a certificate of this device (mutual TLS), and there is none',
  'Set it, or what stands before it, to ask for no client certificate: nodes prove themselves by their token.',
];
const weak: Meaning = [
  'its key or certificate is too weak for what this device accepts',
  'Give it a certificate with an RSA key of 2048 bits or more, or an elliptic curve, and with SHA-256.',
];
const damaged: Meaning = [
  'TLS met data that were damaged on the way',
  'Look for a faulty network device, modem or proxy on the way, and for a wrong MTU.',
];
const legacy: Meaning = [
  'it knows no secure renegotiation (RFC 5746), so this device does not trust its TLS',
  'Bring its TLS up to date, or look for an old proxy on the way that opens TLS.',
];
const cutOff: Meaning = [
  'it closed the connection in the middle of TLS',
  'Check what answers there, and look for a firewall on the way.',
];
const notVerified: Meaning = [
  'its certificate is not accepted',
  'Check its certificate and those between it and its root.',
];

const meanings: ReadonlyMap<string, Meaning> = new Map([
  ...each(noTls, 'WRONG_VERSION_NUMBER', 'PACKET_LENGTH_TOO_LONG', 'HTTP_REQUEST', 'HTTPS_PROXY_REQUEST'),
  ...each(noTls, 'UNKNOWN_PROTOCOL', 'BAD_RECORD_TYPE', 'INVALID_RECORD_TYPE', 'RECORD_LENGTH_MISMATCH'),
  ...each(oldVersion, 'PROTOCOL_VERSION', 'UNSUPPORTED_PROTOCOL', 'NO_PROTOCOLS_AVAILABLE', 'VERSION_TOO_LOW'),
  ...each(oldVersion, 'UNSUPPORTED_SSL_VERSION', 'WRONG_SSL_VERSION', 'INAPPROPRIATE_FALLBACK'),
  ...each(nothingInCommon, 'HANDSHAKE_FAILURE', 'NO_SHARED_CIPHER', 'INSUFFICIENT_SECURITY', 'ILLEGAL_PARAMETER'),
  ...each(nothingInCommon, 'NO_CIPHERS_AVAILABLE', 'NO_SUITABLE_KEY_SHARE', 'WRONG_CIPHER_RETURNED'),
  ...each(clientCertificate, 'CERTIFICATE_REQUIRED', 'PEER_DID_NOT_RETURN_A_CERTIFICATE', 'NO_CERTIFICATE'),
  ...each(weak, 'DH_KEY_TOO_SMALL', 'EE_KEY_TOO_SMALL', 'CA_KEY_TOO_SMALL', 'CA_MD_TOO_WEAK', 'BAD_DH_VALUE'),
  ...each(weak, 'WRONG_SIGNATURE_TYPE', 'WRONG_CURVE', 'LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED'),
  ...each(damaged, 'BAD_RECORD_MAC', 'DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'DECRYPTION_FAILED', 'DECRYPT_ERROR'),
  ...each(damaged, 'DIGEST_CHECK_FAILED', 'BLOCK_CIPHER_PAD_IS_WRONG', 'DATA_LENGTH_TOO_LONG', 'DECODE_ERROR'),
  ...each(damaged, 'BAD_SIGNATURE', 'RECORD_OVERFLOW'),
  ...each(legacy, 'UNSAFE_LEGACY_RENEGOTIATION_DISABLED'),
  ...each(cutOff, 'UNEXPECTED_EOF_WHILE_READING', 'CLOSE_NOTIFY', 'USER_CANCELLED'),
  ...each(notVerified, 'CERTIFICATE_VERIFY_FAILED'),
  ...each(
    [
      'it has no certificate for the host name that it was asked for',
      'Check the host name in the URL, and that the server, or the load balancer before it, is set up for that name.',
    ],
    'UNRECOGNIZED_NAME',
  ),
  ...each(
    ['it does not offer HTTP/1.1', 'Let it, or what stands before it, offer HTTP/1.1 beside HTTP/2 (ALPN http/1.1).'],
    'NO_APPLICATION_PROTOCOL',
  ),
  ...each(
    ['it failed within TLS for a reason of its own', 'Look at its log: the cause is on that side.'],
    'INTERNAL_ERROR',
  ),
  ...each(
    ['it refused the TLS handshake by a rule of its own', 'Look at what it, or a firewall before it, lets in.'],
    'ACCESS_DENIED',
  ),
]);

function each(meaning: Meaning, ...names: string[]): [string, Meaning][] {
  return names.map((name) => [name, meaning]);
}
