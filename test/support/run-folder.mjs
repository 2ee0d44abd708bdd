import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Waits for the end of its input: the system closes that however the run ends, by SIGKILL too. Processes that still run then
// may write for a moment.
const GUARD = `
trap '' HUP INT TERM
read -r line
tries=50
until rm -rf "$1" 2>/dev/null && sleep 0.2 && [ ! -e "$1" ]; do
  tries=$((tries - 1))
  [ $tries -gt 0 ] || exit 1
done`;

/**
 * Makes a temporary folder for this run of the tests. This process, and those that it starts, use it as TMPDIR. It is
 * removed with this process, even if that is killed. What a test leaves in it fails the run.
 * Returns a folder in it for the notes of the run itself.
 */
export function makeRunFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'items-tests-'));
  // As root, the tests run PostgreSQL as another user, who must be able to reach it.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  // From 22 on, Node keeps what some programs compile in the temporary folder by default.
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../node_modules/.cache/node');
  const notes = join(folder, 'notes');
  mkdirSync(notes);

  const guard = spawn('/bin/sh', ['-c', GUARD, 'run-guard', folder], {
    cwd: '/',
    // A session of its own, out of reach of the terminal's Ctrl-C.
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
