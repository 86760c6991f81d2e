import { explainTlsFailure, type PeerCertificate } from '../explain-tls-failure.js';
import { fail, type Judgement, pass, skip, warn } from './finding.js';
import { type Attempt, type NetworkFacts, type TlsFacts, worked } from './probe-network.js';
import type { Probed } from './within.js';

const noCloudly = 'No Cloudly is configured.';

/** The look-up of the name, the connection and TLS: what the way to Cloudly is like, before anything is said on it. */
export function judgeLookup(facts: NetworkFacts | undefined): Judgement {
  if (!facts) return skip(noCloudly);
  const { lookup, host } = facts;
  if (!lookup) return skip(`${host} is an address: there is no name to look up.`);
  const remedy = `Check the name in ${variableOf(facts)}, and which name servers the device asks (on balenaOS, dnsServers in config.json).`;
  if (lookup.kind === 'timeout') return fail(`Nobody answered who ${host} is${inTime(lookup)}.`, remedy);
  if (worked(lookup)) {
    const { value: addresses, durationMs } = lookup.value;
    return pass(`${host} is ${addresses.join(', ')}.`, { host, addresses, durationMs });
  }
  const { code } = lookup.value as Extract<Attempt<never>, { ok: false }>;
  const what = code === 'EAI_AGAIN' ? 'cannot be looked up at present: no name server answers' : 'is not known';
  return fail(`The name ${host} ${what} (${code}).`, remedy, { host, code });
}

export function judgeConnection(facts: NetworkFacts | undefined): Judgement {
  if (!facts) return skip(noCloudly);
  const { connection, host, port, proxyAddress } = facts;
  if (!connection) return skip('Not tried, since the name could not be looked up.');
  const place = `${proxyAddress === undefined ? '' : `the proxy at `}${host}:${port}`;
  const remedy = `Check ${variableOf(facts)}, and whether the device's network and its firewall let it there.`;
  if (connection.kind === 'timeout') {
    return fail(`${capital(place)} does not take the connection${inTime(connection)}: something drops it.`, remedy);
  }
  if (worked(connection)) {
    const { value: address, durationMs } = connection.value;
    return pass(`${capital(place)} takes connections (${durationMs} ms).`, { address, port, durationMs });
  }
  const { code } = connection.value as Extract<Attempt<never>, { ok: false }>;
  return fail(
    `${capital(place)} cannot be reached: ${connectionWords[code] ?? 'the connection failed'} (${code}).`,
    remedy,
    {
      code,
    },
  );
}

const connectionWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing accepts connections there',
  ECONNRESET: 'the connection was broken off',
  ENETUNREACH: 'there is no route to it',
  EHOSTUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it does not take the connection',
};

/** @param nowMs by the device's clock */
export function judgeTls(facts: NetworkFacts | undefined, nowMs: number): Judgement {
  if (!facts) return skip(noCloudly);
  const { tls, url } = facts;
  if (url.protocol === 'http:') return skip('BASEOS_CLOUDLY_URL is plain http: there is no TLS.');
  if (!tls) return skip('Not tried, since there is no connection.');
  if (tls.kind === 'timeout') {
    const message = `${url.host} takes connections and then is silent: no TLS${inTime(tls)}.`;
    return fail(message, `Check that ${url.host} is Cloudly's https port, and look for a firewall in between.`);
  }
  if (!worked(tls)) return handshakeFailed(url, tls.value as Extract<Attempt<never>, { ok: false }>);
  const { certificate, refusal, protocol } = tls.value.value;
  const shown = certificate && describeCertificate(certificate);
  if (refusal !== undefined) return refused(url, { certificate, refusal, protocol }, nowMs);
  const message = `The certificate of ${url.hostname} was issued by ${shown?.issuer} and is valid until ${shown?.validTo}.`;
  const daysLeft = certificate && (Date.parse(certificate.valid_to) - nowMs) / 86_400_000;
  return daysLeft !== undefined && daysLeft < SOON_DAYS
    ? warn(`${message} That is soon.`, 'See that it is renewed in time.', { ...shown, protocol })
    : pass(message, { ...shown, protocol });
}

const SOON_DAYS = 14;

function handshakeFailed({ host }: URL, { code, message }: { code: string; message: string }): Judgement {
  const isProxy = code === 'proxy refused';
  const what = isProxy
    ? `The proxy does not lead there: ${message}`
    : `${host} ${tlsWords[code] ?? 'broke off the TLS handshake'} (${code})`;
  const remedy = isProxy
    ? 'Check HTTPS_PROXY and what the proxy allows, or name Cloudly in NO_PROXY.'
    : `Check that BASEOS_CLOUDLY_URL has the port at which Cloudly speaks https.`;
  return fail(`${what}.`, remedy, { code });
}

const noTls = 'does not speak TLS there';
const tlsWords: Readonly<Record<string, string>> = {
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
};

function refused(url: URL, { certificate, refusal = '', protocol }: TlsFacts, nowMs: number): Judgement {
  const explained = explainTlsFailure(refusal, { certificate, hostname: url.hostname, nowMs });
  const message = `The certificate of ${url.host} is not accepted: ${explained?.explanation ?? refusal} (${refusal}).`;
  // What the agent does by itself is no advice here.
  const remedy = explained?.remedy?.replace(/^It tries again by itself\. /, '') ?? 'Check what answers there.';
  return fail(message, remedy, { code: refusal, protocol, ...(certificate && describeCertificate(certificate)) });
}

function describeCertificate({ subject, issuer, valid_from: from, valid_to: to }: PeerCertificate) {
  return { subject: nameOf(subject), issuer: nameOf(issuer), validFrom: dateOf(from), validTo: dateOf(to) };
}

/** A certificate comes from whoever answers: what is quoted of it is short. */
function nameOf(name: PeerCertificate['subject']): string {
  const parts = ['CN', 'O'].flatMap((key) => (name[key] === undefined ? [] : [`${key}=${String(name[key])}`]));
  return JSON.stringify(parts.join(', ').slice(0, 100));
}

const dateOf = (text: string): string =>
  Number.isNaN(Date.parse(text)) ? 'an unreadable time' : new Date(text).toISOString().replace(/\.\d+Z$/, 'Z');

const inTime = ({ timeoutMs }: Extract<Probed<never>, { kind: 'timeout' }>): string => ` within ${timeoutMs / 1000} s`;

const variableOf = ({ proxyAddress, url }: NetworkFacts): string =>
  proxyAddress === undefined ? 'BASEOS_CLOUDLY_URL' : url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
