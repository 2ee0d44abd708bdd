import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Waits for the end of its input: the system closes that however the run ends, by SIGKILL too. The workers of a killed run, and
// the services that they started, would go on. They are found by their temporary or working folder, and killed. PostgreSQL has
// a guard of its own, which stops it in order.
const GUARD = `
trap '' HUP INT TERM
read -r line
kill_left() {
  for process in /proc/[0-9]*; do
    case $(readlink "$process/cwd") in
      "$1"/items-service-*) ;;
      *) grep -qzE "^TMPDIR=$1(/|$)" "$process/environ" || continue ;;
    esac
    kill -KILL "\${process#/proc/}"
  done 2>/dev/null
}
tries=50
until kill_left "$1"; rm -rf "$1" 2>/dev/null && sleep 0.2 && [ ! -e "$1" ]; do
  tries=$((tries - 1))
  [ $tries -gt 0 ] || exit 1
done`;

/**
 * Makes a temporary folder for this run of the tests. This process, and those that it starts, use it as TMPDIR. When this
 * process ends, even if it is killed, the folder is removed and its workers and services are ended. What a test leaves in
 * the folder fails the run. Returns a folder in it for the notes of the run itself.
 */
export function makeRunFolder() {
  // The real path, or the guard does not find the processes that work there.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'items-tests-')));
  // As root, the tests run PostgreSQL as another user, who must be able to reach it.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  // Some programs make Node keep compiled code in the temporary folder. Writing it takes longer than a worker has to end.
  process.env.NODE_DISABLE_COMPILE_CACHE = '1';
  const notes = join(folder, 'notes');
  mkdirSync(notes);

  const guard = spawn('/bin/sh', ['-c', GUARD, 'run-guard', folder], {
    cwd: '/',
    env: { PATH: process.env.PATH },
    // Its own session, which the terminal's Ctrl-C does not reach.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a guard, only the folder of a killed run stays.
  guard.on('error', () => undefined);
  guard.unref();

  process.on('exit', () => {
    const left = readdirSync(folder).filter((name) => name !== 'notes');
    rmSync(folder, { recursive: true, force: true });
    if (left.length === 0) return;
    process.stderr.write(`The tests left in the temporary folder: ${left.join(', ')}\n`);
    process.exitCode ||= 1;
  });
  return notes;
}
