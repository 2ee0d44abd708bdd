import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The end of its input is the sign: the system closes it however the run ends, by SIGKILL too. The workers of a run that was killed
// would go on with their files, and the services that they started know nothing of a run: all of them are found by their
// temporary or working folder, and killed. PostgreSQL has a guard of its own, which stops it in order.
const GUARD = `
trap '' HUP INT TERM
read -r line
kill_left() {
  for process in /proc/[0-9]*; do
    case $(readlink "$process/cwd") in
      "$1"/items-service-*) ;;
      *) grep -qz "^TMPDIR=$1$" "$process/environ" || continue ;;
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
 * Makes the temporary folder of this run of the tests, and makes it the temporary folder of this process and those that
 * it starts. It goes with this process, even if that is killed, and so do its workers and services. What a test
 * leaves in it fails the run.
 * Returns a folder in it for what the run itself notes.
 */
export function makeRunFolder() {
  // As the system names it, or the guard does not know who works there.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'items-tests-')));
  // As root the tests run PostgreSQL as another user, who must get through.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  // Some programs have Node keep what it compiles, in the temporary folder. To write it takes longer than a worker may take to end.
  process.env.NODE_DISABLE_COMPILE_CACHE = '1';
  const notes = join(folder, 'notes');
  mkdirSync(notes);

  const guard = spawn('/bin/sh', ['-c', GUARD, 'run-guard', folder], {
    cwd: '/',
    env: { PATH: process.env.PATH },
    // A session of its own, out of reach of the terminal's Ctrl-C.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a guard only the folder of a run that was killed stays.
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
