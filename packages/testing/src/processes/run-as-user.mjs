// See runAsUserFlag.
const uid = Number(new URL(import.meta.url).searchParams.get('uid'));

process.setgroups([]);
process.setgid(uid);
process.setuid(uid);
