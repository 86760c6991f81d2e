import type { TransportFailureDetails } from './transport-failure.js';

/** The meaning of an OpenSSL reason: a clause about the server, and a sentence that says what to do. */
type Meaning = readonly [explanation: string, remedy: string];

/**
 * Why a TLS handshake failed, or why the server ended TLS afterwards, by OpenSSL's name for the error. Node has this name in
 * the code `ERR_SSL_...`, or in the message of an `EPROTO`. `undefined` if the error is not about TLS. The server's
 * certificate is checked elsewhere.
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
    'Check what answers there, and look for a firewall or a proxy on the way that intercepts TLS.',
  ];
  return { reason: `ERR_SSL_${name}`, explanation, remedy };
}

/** The server, or something on the way, closed the connection before TLS was established. */
export const handshakeBrokenOff: Omit<TransportFailureDetails, 'place'> = {
  reason: 'ECONNRESET',
  explanation: 'it accepted the connection and closed it during the TLS handshake',
  remedy:
    'Check that the URL has the https port, and look for a firewall or a proxy on the way that blocks TLS to this name.',
};

/** OpenSSL's name of the error, in capitals. It comes from OpenSSL's own text, which contains no data from the network. */
function opensslName(code: string, message: string): string | undefined {
  const named = /:SSL routines:[^:]*:([^:]{1,80}):/.exec(message)?.[1] ?? code.replace(/^ERR_SSL_|^EPROTO$/, '');
  const name = named.toUpperCase().replaceAll(/\W+/g, '_');
  return name === '' ? 'EPROTO' : name;
}

/** The prefix of an alert depends on the version of OpenSSL: `SSLV3_ALERT_`, `SSL/TLS_ALERT_`, `TLSV1_`. */
function withoutFamily(name: string): string {
  return name.replace(/^(?:SSL_TLS|SSLV3|TLSV1|TLSV13)_(?:ALERT_)?/, '');
}

const noTls: Meaning = [
  'it does not speak TLS there, so the URL may need http or another port',
  'Check the scheme and the port of the URL. On a network with a login page, that page may have answered.',
];
const oldVersion: Meaning = [
  'it supports no version of TLS that this device accepts (1.2 and newer)',
  'Enable TLS 1.2 or 1.3 there, or look for an old proxy on the way that intercepts TLS.',
];
const nothingInCommon: Meaning = [
  'it refused the TLS handshake: it accepts no cipher or version that this device offers, or it requires a certificate of the device',
  'Check its TLS ciphers and versions, and that it does not require a client certificate.',
];
const clientCertificate: Meaning = [
  'it requires a certificate of this device (mutual TLS), and there is none',
  'Configure it, or the proxy in front of it, not to require a client certificate: nodes authenticate by their token.',
];
const weak: Meaning = [
  'its key or certificate is too weak for this device',
  'Give it a certificate with SHA-256 and an RSA key of at least 2048 bits, or an elliptic-curve key.',
];
const damaged: Meaning = [
  'the TLS data were damaged on the way',
  'Look for a faulty network device, modem or proxy on the way, or a wrong MTU.',
];
const legacy: Meaning = [
  'it does not support secure renegotiation (RFC 5746), which this device requires',
  'Update its TLS software, or look for an old proxy on the way that intercepts TLS.',
];
const cutOff: Meaning = [
  'it closed the connection in the middle of TLS',
  'Check what answers there, and look for a firewall on the way.',
];
const notVerified: Meaning = [
  'its certificate is not accepted',
  'Check its certificate and the intermediate certificates up to its root.',
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
      'it has no certificate for the host name in the URL',
      'Check the host name in the URL, and that the server, or the load balancer in front of it, is configured for that name.',
    ],
    'UNRECOGNIZED_NAME',
  ),
  ...each(
    [
      'it does not offer HTTP/1.1',
      'Enable HTTP/1.1 beside HTTP/2 (ALPN http/1.1) on it, or on the proxy in front of it.',
    ],
    'NO_APPLICATION_PROTOCOL',
  ),
  ...each(['it reported an internal TLS error', 'Check its log: the cause is on the server.'], 'INTERNAL_ERROR'),
  ...each(
    [
      'it refused the TLS handshake because of an access rule',
      'Check which clients it, or a firewall in front of it, allows.',
    ],
    'ACCESS_DENIED',
  ),
]);

function each(meaning: Meaning, ...names: string[]): [string, Meaning][] {
  return names.map((name) => [name, meaning]);
}
