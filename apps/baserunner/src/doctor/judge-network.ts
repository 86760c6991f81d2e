import { explainCertificate, formatTime, type PeerCertificate, quoteName } from '../transport/explain-certificate.js';
import { fail, type Judgement, pass, skip, warn } from './finding.js';
import type { AddressProbe } from '../facts/probe-addresses.js';
import { type Attempt, worked } from '../facts/attempt.js';
import type { HandshakeProbe, NetworkFacts, TlsFacts } from '../facts/probe-network.js';
import type { Probed } from '../facts/within.js';

const noCloudly = 'Skipped: no Cloudly is configured.';
const noConnection = 'Skipped: there is no connection.';

/** The DNS lookup, the connection and TLS: the way to Cloudly, before anything is sent on it. */
export function judgeLookup(facts: NetworkFacts | undefined): Judgement {
  if (!facts) return skip(noCloudly);
  const { lookup, host } = facts;
  if (!lookup) return skip(`Skipped: ${host} is an IP address.`);
  const remedy = `Check the host name in ${variableOf(facts)}, and the DNS servers of the device (on balenaOS, dnsServers in config.json).`;
  if (lookup.kind === 'timeout') return fail(`The DNS lookup of ${host} got no answer${inTime(lookup)}.`, remedy);
  if (worked(lookup)) {
    const { value: addresses, durationMs } = lookup.value;
    return pass(`${host} resolves to ${addresses.join(', ')}.`, { host, addresses, durationMs });
  }
  const { code } = lookup.value as Extract<Attempt<never>, { ok: false }>;
  const why = code === 'EAI_AGAIN' ? 'no DNS server answers' : 'the name does not exist';
  return fail(`The DNS lookup of ${host} failed: ${why} (${code}).`, remedy, { host, code });
}

export function judgeConnection(facts: NetworkFacts | undefined): Judgement {
  if (!facts) return skip(noCloudly);
  const { connections, host, port, proxyAddress } = facts;
  if (!connections) return skip('Skipped: the DNS lookup failed.');
  const place = `${proxyAddress === undefined ? '' : 'The proxy at '}${host}:${port}`;
  const remedy = `Check ${variableOf(facts)}, and whether the network and its firewall allow this connection.`;
  const failed = connections.filter(({ connection }) => !worked(connection));
  const told = failed.map((probe) => (connections.length === 1 ? '' : `${probe.address}: `) + connectionFailure(probe));
  const tried = connections.map(({ address, connection }) => ({ address, port, ...factsOf(connection) }));
  const [open] = connections.flatMap(({ address, connection }) =>
    worked(connection) ? [{ address, durationMs: connection.value.durationMs }] : [],
  );
  if (!open) {
    const code = failed.map(({ connection }) => factsOf(connection).code).find((found) => found !== undefined);
    return fail(`${place} is unreachable: ${told.join('; ')}.`, remedy, { code, tried });
  }
  const works = `${place} accepts connections (${open.durationMs} ms)`;
  const found = { address: open.address, port, durationMs: open.durationMs, ...(connections.length > 1 && { tried }) };
  if (failed.length === 0) return pass(`${works}.`, found);
  const message = `${works} at ${open.address}, but not at every address: ${told.join('; ')}.`;
  // A device without IPv6, or without IPv4, is healthy.
  if (failed.every(isOfUnusedFamily(connections))) return pass(message, found);
  const advice =
    'The agent uses the address that works. Check the DNS records of the name, and the network on the way to the other addresses.';
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
  if (connection.kind === 'timeout')
    return `no answer to the connection attempt${inTime(connection)}; a firewall may drop it`;
  const { code = 'unknown' } = factsOf(connection);
  return `${connectionWords[code] ?? 'the connection failed'} (${code})`;
}

const noRoutes: ReadonlySet<string> = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

const connectionWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENETUNREACH: 'no route to host',
  EHOSTUNREACH: 'no route to host',
  EADDRNOTAVAIL: 'this device has no address of that family',
  ETIMEDOUT: 'the connection attempt timed out',
};

/** @param nowMs by the device's clock */
export function judgeTls(facts: NetworkFacts | undefined, nowMs: number): Judgement {
  if (!facts) return skip(noCloudly);
  const { handshakes, url } = facts;
  if (url.protocol === 'http:') return skip('Skipped: BASEOS_CLOUDLY_URL is plain http.');
  if (!handshakes) return skip(noConnection);
  const judged = handshakes.map(({ address, tls }) => ({ address, judgement: judgeHandshake(url, tls, nowMs) }));
  const works = judged.find(({ judgement }) => judgement.verdict !== 'fail');
  const failed = judged.filter(({ judgement }) => judgement.verdict === 'fail');
  const [first] = failed;
  if (!works) return first?.judgement ?? skip(noConnection);
  if (!first) return works.judgement;
  const others = failed.map(({ address, judgement }) => `${address}: ${judgement.message}`).join(' ');
  const { message, facts: shown } = works.judgement;
  return warn(
    `${message} Other addresses fail. ${others}`,
    `The agent uses the address that works. ${first.judgement.remedy}`,
    shown,
  );
}

function judgeHandshake(url: URL, tls: HandshakeProbe['tls'], nowMs: number): Judgement {
  if (tls.kind === 'timeout') {
    const message = `${url.host} accepts connections but does not answer the TLS handshake${inTime(tls)}.`;
    return fail(message, `Check that ${url.host} is the https port of Cloudly, and look for a firewall on the way.`);
  }
  if (!worked(tls)) return handshakeFailed(url, tls.value as Extract<Attempt<never>, { ok: false }>);
  const { certificate, refusal, protocol } = tls.value.value;
  const shown = certificate && describeCertificate(certificate);
  if (refusal !== undefined) return refused(url, { certificate, refusal, protocol }, nowMs);
  const message = `The certificate of ${url.hostname} was issued by ${shown?.issuer} and is valid until ${shown?.validTo}.`;
  const daysLeft = certificate && (Date.parse(certificate.valid_to) - nowMs) / 86_400_000;
  return daysLeft !== undefined && daysLeft < SOON_DAYS
    ? warn(`${message} It expires soon.`, 'Renew the certificate before then.', { ...shown, protocol })
    : pass(message, { ...shown, protocol });
}

const SOON_DAYS = 14;

function handshakeFailed({ host }: URL, { code, message, details }: Extract<Attempt<never>, { ok: false }>): Judgement {
  if (code === 'proxy refused') {
    const remedy = 'Check HTTPS_PROXY and what the proxy allows, or add Cloudly to NO_PROXY.';
    return fail(`The proxy refused the connection: ${message}.`, remedy, { code });
  }
  const { place, explanation, remedy } = details ?? {};
  return fail(
    `${place === undefined ? host : capital(place)}: ${explanation ?? 'the TLS handshake failed'} (${code}).`,
    remedy ?? 'Check that BASEOS_CLOUDLY_URL has the https port of Cloudly.',
    { code },
  );
}

function refused(url: URL, { certificate, refusal = '', protocol }: TlsFacts, nowMs: number): Judgement {
  const situation = { certificate, hostname: url.hostname, variable: 'BASEOS_CLOUDLY_URL', nowMs };
  const explained = explainCertificate(refusal, situation);
  const message = `The certificate of ${url.host} was rejected: ${explained?.explanation ?? refusal} (${refusal}).`;
  const remedy = explained?.remedy ?? 'Check which server answers there.';
  return fail(message, remedy, { code: refusal, protocol, ...(certificate && describeCertificate(certificate)) });
}

function describeCertificate({ subject, issuer, valid_from: from, valid_to: to }: PeerCertificate) {
  return {
    subject: quoteName(subject),
    issuer: quoteName(issuer),
    validFrom: formatTime(from),
    validTo: formatTime(to),
  };
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
