/* eslint-disable no-underscore-dangle -- the names are those of Node */
import { readFile, readlink } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Node's own handle has the number of the file. */
interface NumberedSocket extends Socket {
  _handle?: { fd?: number } | null;
}

let reading: Promise<string> | undefined;

/**
 * How many bytes the system holds of what a connection has sent, since the other side has not confirmed them. It goes down whenever that
 * side reads, in steps of a packet. Undefined where the system does not say, which is everywhere but on Linux.
 */
export async function bytesInSendQueue(socket: NumberedSocket): Promise<number | undefined> {
  try {
    const inode = /\d+/.exec(await readlink(`/proc/self/fd/${socket._handle?.fd}`))?.[0];
    // All who ask meanwhile share a table.
    reading ??= readTables().finally(() => (reading = undefined));
    return inode === undefined ? undefined : queueIn(await reading, inode);
  } catch {
    return undefined;
  }
}

async function readTables(): Promise<string> {
  // Without IPv6 there is no second one.
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/self/net/${name}`, 'latin1').catch(() => '')),
  );
  return tables.join('');
}

// proc_net_tcp(5): number, local and remote address, state, tx_queue:rx_queue in hex, timer, retransmits, user, timeout, inode.
function queueIn(tables: string, inode: string): number | undefined {
  for (let at = tables.indexOf(` ${inode} `); at !== -1; at = tables.indexOf(` ${inode} `, at + 1)) {
    const fields = tables
      .slice(tables.lastIndexOf('\n', at) + 1, at + inode.length + 1)
      .trim()
      .split(/ +/);
    if (fields.length === 10) return Number.parseInt(fields[4]!, 16);
  }
  return undefined;
}
