import { GroupCounts } from '../counting/group-counts.js';
import type { GroupTraces } from '../telemetry/tracing.js';

/** How large a group may become, and how many run at once. */
export interface GroupLimits {
  maxCalls: number;
  /** Sum of what `bytesOf` says of the calls. */
  maxBytes: number;
  maxGroupsInFlight: number;
}

/** What a gatherer does with calls. It knows nothing else about them. */
interface GroupWork<Call, Result> {
  /** Carries out a group. The results are in the order of the calls. */
  run: (calls: Call[]) => Promise<Result[]>;
  /** Calls that share a key are never in two groups in flight, and run in the order in which they came. */
  keysOf?: (call: Call) => string[];
  /** A group has calls of one kind; of any, if this is left out. Not beside `keysOf`: a call may overtake those of another kind. */
  kindOf?: (call: Call) => unknown;
  /** For how many calls it counts; for one, if this is left out. */
  countOf?: (call: Call) => number;
  bytesOf?: (call: Call) => number;
  /** Follows each group; left out while there are no traces. */
  traces?: GroupTraces;
}

const NO_KEYS: string[] = [];

interface Waiting<Call, Result> {
  call: Call;
  kind: unknown;
  /** Counts the calls as they come. */
  turn: number;
  keys: string[];
  count: number;
  bytes: number;
  /** Since when it waits, in milliseconds of the process; undefined if it did not have to. */
  since: number | undefined;
  /** The request that it belongs to, if there are traces. */
  origin: object | undefined;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Groups calls that wait. An idle gatherer runs a call at once and alone. While `maxGroupsInFlight` groups run, further calls
 * collect. So groups grow with the load, and no timer is needed.
 */
export class Gatherer<Call, Result> {
  private waiting: Waiting<Call, Result>[] = [];
  /** By key: calls for which this key was not free when their turn came. They are older than the waiting calls of this key. */
  private readonly parked = new Map<string, Waiting<Call, Result>[]>();
  private readonly keysInFlight = new Set<string>();
  /** Keys of parked calls that have several: later calls must not overtake them. */
  private readonly keysParked = new Set<string>();
  private groupsInFlight = 0;
  readonly counts = new GroupCounts();
  private turns = 0;

  constructor(
    private readonly work: GroupWork<Call, Result>,
    private readonly limits: GroupLimits,
  ) {}

  /** Settles with the result of this call, or with the error that its whole group met. */
  call(call: Call): Promise<Result> {
    const { keysOf, kindOf, countOf, bytesOf, traces } = this.work;
    const kind = kindOf?.(call);
    const [keys, count, bytes] = [keysOf?.(call) ?? NO_KEYS, countOf?.(call) ?? 1, bytesOf?.(call) ?? 0];
    const origin = traces?.origin();
    return new Promise((resolve, reject) => {
      const since = this.groupsInFlight < this.limits.maxGroupsInFlight ? undefined : performance.now();
      this.waiting.push({ call, kind, turn: (this.turns += 1), keys, count, bytes, since, origin, resolve, reject });
      this.startGroups();
    });
  }

  /** Rejects every call that is not in flight yet. */
  failWaiting(error: unknown): void {
    const all = [...this.parked.values(), this.waiting.splice(0)].flat();
    this.parked.clear();
    this.keysParked.clear();
    for (const { reject } of all) reject(error);
  }

  private startGroups(): void {
    while (this.groupsInFlight < this.limits.maxGroupsInFlight && this.waiting.length > 0) {
      const group = this.takeGroup();
      if (group.length === 0) return;
      this.count(group);
      void this.runGroup(group);
    }
  }

  private count(group: Waiting<Call, Result>[]): void {
    let [count, since] = [0, Infinity];
    for (const one of group) {
      count += one.count;
      if (one.since !== undefined && one.since < since) ({ since } = one);
    }
    this.counts.count(count, since === Infinity ? 0 : performance.now() - since);
  }

  // A call whose key is not free is parked, so that it is not looked at again with every new call.
  private takeGroup(): Waiting<Call, Result>[] {
    const { maxCalls, maxBytes } = this.limits;
    const group: Waiting<Call, Result>[] = [];
    const ofOtherKinds: Waiting<Call, Result>[] = [];
    let [count, bytes, taken] = [0, 0, 0];
    for (const one of this.waiting) {
      if (one.kind !== this.waiting[0]!.kind) {
        ofOtherKinds.push(one);
        taken += 1;
        continue;
      }
      const isFull = count + one.count > maxCalls || bytes + one.bytes > maxBytes;
      if (group.length > 0 && isFull) break;
      taken += 1;
      const key = one.keys.find((each) => this.keysInFlight.has(each) || this.keysParked.has(each));
      if (key !== undefined) {
        this.park(key, one);
      } else {
        group.push(one);
        count += one.count;
        bytes += one.bytes;
      }
    }
    this.waiting = ofOtherKinds.concat(this.waiting.slice(taken));
    return group;
  }

  private park(key: string, one: Waiting<Call, Result>): void {
    one.since ??= performance.now();
    const others = this.parked.get(key);
    if (others) others.push(one);
    else this.parked.set(key, [one]);
    if (one.keys.length > 1) for (const each of one.keys) this.keysParked.add(each);
  }

  private unpark(keys: Set<string>): void {
    const free = [...keys].flatMap((key) => this.parked.get(key) ?? []);
    if (free.length === 0) return;
    for (const key of keys) this.parked.delete(key);
    this.waiting = [...free, ...this.waiting];
    if (this.keysParked.size > 0) this.unparkAll();
  }

  // A call with several keys can be free under one of them while an earlier call waits for another.
  private unparkAll(): void {
    this.waiting = [...this.parked.values(), this.waiting].flat().sort((one, other) => one.turn - other.turn);
    this.parked.clear();
    this.keysParked.clear();
  }

  private carryOut(group: Waiting<Call, Result>[]): Promise<Result[]> {
    const { run, traces } = this.work;
    const calls = group.map(({ call }) => call);
    if (!traces) return run(calls);
    return traces.follow(
      group.map(({ origin }) => origin),
      () => run(calls),
    );
  }

  private async runGroup(group: Waiting<Call, Result>[]): Promise<void> {
    const keys = new Set(group.flatMap((one) => one.keys));
    this.groupsInFlight += 1;
    for (const key of keys) this.keysInFlight.add(key);
    try {
      const results = await this.carryOut(group);
      group.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      this.groupsInFlight -= 1;
      for (const key of keys) this.keysInFlight.delete(key);
      this.unpark(keys);
      this.startGroups();
    }
  }
}
