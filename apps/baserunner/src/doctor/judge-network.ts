import { explainCertificate, type PeerCertificate } from '../transport/explain-certificate.js';
import { fail, type Judgement, pass, skip, warn } from './finding.js';
import type { AddressProbe } from '../facts/probe-addresses.js';
import { type Attempt, worked } from '../facts/attempt.js';
import type { HandshakeProbe, NetworkFacts, TlsFacts } from '../facts/probe-network.js';
import type { Probed } from '../facts/within.js';

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
  const { connections, host, port, proxyAddress } = facts;
  if (!connections) return skip('Not tried, since the name could not be looked up.');
  const place = `${proxyAddress === undefined ? '' : `the proxy at `}${host}:${port}`;
  const remedy = `Check ${variableOf(facts)}, and whether the device's network and its firewall let it there.`;
  const failed = connections.filter(({ connection }) => !worked(connection));
  const told = failed.map((probe) => (connections.length === 1 ? '' : `${probe.address}: `) + connectionFailure(probe));
  const tried = connections.map(({ address, connection }) => ({ address, port, ...factsOf(connection) }));
  const [open] = connections.flatMap(({ address, connection }) =>
    worked(connection) ? [{ address, durationMs: connection.value.durationMs }] : [],
  );
  if (!open) {
    const code = failed.map(({ connection }) => factsOf(connection).code).find((found) => found !== undefined);
    return fail(`${capital(place)} cannot be reached: ${told.join('; ')}.`, remedy, { code, tried });
  }
  const works = `${capital(place)} takes connections (${open.durationMs} ms)`;
  const found = { address: open.address, port, durationMs: open.durationMs, ...(connections.length > 1 && { tried }) };
  if (failed.length === 0) return pass(`${works}.`, found);
  const message = `${works} at ${open.address}, but not at every address: ${told.join('; ')}.`;
  // A device without IPv6, or without IPv4, is none that is ill.
  if (failed.every(isOfUnusedFamily(connections))) return pass(message, found);
  const advice =
    'The agent goes on by the address that works. Check the addresses that the name has, and what is on the way to those.';
  return warn(message, advice, found);
}

function isOfUnusedFamily(connections: readonly AddressProbe[]) {
  return (probe: AddressProbe) => {
    const isIpv6 = ({ address }: AddressProbe): boolean => address.includes(':');
    const family = connections.filter((other) => isIpv6(other) === isIpv6(probe));
    return family.every(({ connection }) => noRoutes.has(factsOf(connection).code ?? ''));
  };
}

function factsOf(connection: AddressProbe['connection']): { code?: string; durationMs?: number } {
  if (connection.kind === 'timeout') return { code: 'ETIMEDOUT' };
  return connection.value.ok ? { durationMs: connection.value.durationMs } : { code: connection.value.code };
}

function connectionFailure({ connection }: AddressProbe): string {
  if (connection.kind === 'timeout') return `it does not take the connection${inTime(connection)}: something drops it`;
  const { code = 'unknown' } = factsOf(connection);
  return `${connectionWords[code] ?? 'the connection failed'} (${code})`;
}

const noRoutes: ReadonlySet<string> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

const connectionWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing accepts connections there',
  ECONNRESET: 'the connection was broken off',
  ENETUNREACH: 'there is no route to it',
  EHOSTUNREACH: 'there is no route to it',
  EADDRNOTAVAIL: 'this device has no address of its kind',
  ETIMEDOUT: 'it does not take the connection',
};

/** @param nowMs by the device's clock */
export function judgeTls(facts: NetworkFacts | undefined, nowMs: number): Judgement {
  if (!facts) return skip(noCloudly);
  const { handshakes, url } = facts;
  if (url.protocol === 'http:') return skip('BASEOS_CLOUDLY_URL is plain http: there is no TLS.');
  if (!handshakes) return skip('Not tried, since there is no connection.');
  const judged = handshakes.map(({ address, tls }) => ({ address, judgement: judgeHandshake(url, tls, nowMs) }));
  const works = judged.find(({ judgement }) => judgement.verdict !== 'fail');
  const failed = judged.filter(({ judgement }) => judgement.verdict === 'fail');
  const [first] = failed;
  if (!works) return first?.judgement ?? skip('Not tried, since there is no connection.');
  if (!first) return works.judgement;
  const others = failed.map(({ address, judgement }) => `${address}: ${judgement.message}`).join(' ');
  const { message, facts: shown } = works.judgement;
  return warn(
    `${message} But not every address is like that. ${others}`,
    `The agent goes on by the address that works. ${first.judgement.remedy}`,
    shown,
  );
}

function judgeHandshake(url: URL, tls: HandshakeProbe['tls'], nowMs: number): Judgement {
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
    ? warn(`${message} That is soon.`, 'Renew it before then.', { ...shown, protocol })
    : pass(message, { ...shown, protocol });
}

const SOON_DAYS = 14;

function handshakeFailed({ host }: URL, { code, message, details }: Extract<Attempt<never>, { ok: false }>): Judgement {
  if (code === 'proxy refused') {
    const remedy = 'Check HTTPS_PROXY and what the proxy allows, or name Cloudly in NO_PROXY.';
    return fail(`The proxy does not lead there: ${message}.`, remedy, { code });
  }
  const { place, explanation, remedy } = details ?? {};
  return fail(
    `${capital(place ?? host)}: ${explanation ?? 'the TLS handshake failed'} (${code}).`,
    remedy ?? 'Check that BASEOS_CLOUDLY_URL has the port at which Cloudly speaks https.',
    { code },
  );
}

function refused(url: URL, { certificate, refusal = '', protocol }: TlsFacts, nowMs: number): Judgement {
  const situation = { certificate, hostname: url.hostname, variable: 'BASEOS_CLOUDLY_URL', nowMs };
  const explained = explainCertificate(refusal, situation);
  const message = `The certificate of ${url.host} is not accepted: ${explained?.explanation ?? refusal} (${refusal}).`;
  const remedy = explained?.remedy ?? 'Check what answers there.';
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

function dateOf(text: string): string {
  return Number.isNaN(Date.parse(text)) ? 'an unreadable time' : new Date(text).toISOString().replace(/\.\d+Z$/, 'Z');
}

function inTime({ timeoutMs }: Extract<Probed<never>, { kind: 'timeout' }>): string {
  return ` within ${timeoutMs / 1000} s`;
}

function variableOf({ proxyAddress, url }: NetworkFacts): string {
  return proxyAddress === undefined ? 'BASEOS_CLOUDLY_URL' : url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
