import type { Engine } from '../config/config.js';
import type { ConnectionLimit } from '../http/load/connection-limit.js';
import { single, type Family } from './family.js';

/** What the process is, what it takes, and whether it can serve. */
export function processFamilies(version: string, database: Engine, isReady: () => boolean): Family[] {
  const labels = { version, node_version: process.versions.node, database };
  return [
    {
      type: 'gauge',
      name: 'items_build_info',
      help: 'Version of the service and of Node, and the database engine; always 1',
      read: () => [[labels, 1]],
    },
    single('gauge', 'items_ready', 'Whether readiness is 200: 1, else 0', () => Number(isReady())),
    single('counter', 'process_cpu_seconds_total', 'Processor time of the process', () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    }),
    single('gauge', 'process_start_time_seconds', 'When the process started, in seconds since 1970', () => {
      return performance.timeOrigin / 1_000;
    }),
    single('gauge', 'process_resident_memory_bytes', 'Memory of the process', () => process.memoryUsage.rss()),
    single('gauge', 'nodejs_heap_used_bytes', 'Memory that JavaScript uses', () => process.memoryUsage().heapUsed),
  ];
}

/** What the process loses for want of descriptors or of a reader. */
export function lossFamilies(connections: ConnectionLimit, droppedLines: () => number): Family[] {
  return [
    single(
      'counter',
      'items_closed_connections_total',
      'New connections that were closed, since the process may not open more files',
      () => connections.closed,
    ),
    single(
      'counter',
      'items_log_dropped_lines_total',
      'Lines of the log that were dropped, since they could not be written',
      droppedLines,
    ),
  ];
}
