// Loaded into BaseRunner's process before BaseRunner itself. Its stdin is a pipe of the demo, which ends with the demo even
// if that is killed with -9: then BaseRunner is told to end as any service manager would tell it.
process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
if ('unref' in process.stdin) process.stdin.unref();
