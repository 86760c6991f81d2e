// For `node --import <this>?uid=65534`, by root: the program runs as that user. Node itself may lie where that user cannot
// start it, as in a checkout that only root may enter; the program has to lie where the user can read it.
const uid = Number(new URL(import.meta.url).searchParams.get('uid'));

process.setgroups([]);
process.setgid(uid);
process.setuid(uid);
