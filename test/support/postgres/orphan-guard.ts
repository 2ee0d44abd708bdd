import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Ends a server and deletes its folder when their owner process has ended. */
export interface OrphanGuard {
  /** Sets the process to end with the owner; undefined once it has ended by itself. */
  watch(pid: number | undefined): void;
  /** Deletes the folder now. Nothing may run in it any more. Error: could not delete it. */
  deleteFolder(): Promise<void>;
}

// Waits for the end of its input: the system closes that however the owner ends, by SIGKILL too. A handler in the owner would
// not do: inside Jest's sandbox `process.on('exit')` is never called, and SIGINT ends a process without it.
const guardScript = `
trap '' HUP INT TERM
pid=
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  kill -INT "$pid"
  tries=50
  while [ -e "$1/data/postmaster.pid" ] && [ $tries -gt 0 ]; do sleep 0.1; tries=$((tries - 1)); done
  [ ! -e "$1/data/postmaster.pid" ] || kill -KILL "$pid"
fi 2>/dev/null
tries=20
until rm -rf "$1" 2>/dev/null; do
  tries=$((tries - 1))
  [ $tries -gt 0 ] || exit 1
  sleep 0.1
done`;

/** Guards a folder from now on, by a small shell process that sleeps until the owner ends. */
export function guardFolder(folder: string): OrphanGuard {
  const guard = spawn('/bin/sh', ['-c', guardScript, 'postgres-guard', folder], {
    cwd: '/',
    // Without TMPDIR, by which the guard of a run finds processes to kill.
    env: { PATH: process.env.PATH },
    // Its own session, which the terminal's Ctrl-C does not reach.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(guard, 'exit');
  // If somebody killed the guard, the server still works, and deleteFolder() reports it.
  ended.catch(() => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();

  return {
    watch: (pid) => void guard.stdin.write(`${pid ?? ''}\n`),
    async deleteFolder() {
      guard.ref();
      guard.stdin.end();
      const [exitCode] = await ended;
      if (exitCode !== 0) throw new Error(`Could not delete ${folder}: its guard ended with ${exitCode}`);
    },
  };
}
