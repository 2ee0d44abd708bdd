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
  /** Calls with equal keys are never in two groups in flight, and run in the order in which they came. */
  keyOf?: (call: Call) => string;
  bytesOf?: (call: Call) => number;
}

interface Waiting<Call, Result> {
  call: Call;
  key: string | undefined;
  bytes: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Groups calls that wait. An idle gatherer runs a call at once and alone. While `maxGroupsInFlight` groups run, further calls
 * collect. So groups grow with the load, and no timer is needed.
 */
export class Gatherer<Call, Result> {
  private waiting: Waiting<Call, Result>[] = [];
  /** By key: calls whose key was in flight when their turn came. They are older than the waiting calls of this key. */
  private readonly parked = new Map<string, Waiting<Call, Result>[]>();
  private readonly keysInFlight = new Set<string>();
  private groupsInFlight = 0;

  constructor(
    private readonly work: GroupWork<Call, Result>,
    private readonly limits: GroupLimits,
  ) {}

  /** Settles with the result of this call, or with the error that its whole group met. */
  call(call: Call): Promise<Result> {
    const { keyOf, bytesOf } = this.work;
    return new Promise((resolve, reject) => {
      this.waiting.push({ call, key: keyOf?.(call), bytes: bytesOf?.(call) ?? 0, resolve, reject });
      this.startGroups();
    });
  }

  /** Rejects every call that is not in flight yet. */
  failWaiting(error: unknown): void {
    const all = [...this.parked.values(), this.waiting.splice(0)].flat();
    this.parked.clear();
    for (const { reject } of all) reject(error);
  }

  private startGroups(): void {
    while (this.groupsInFlight < this.limits.maxGroupsInFlight && this.waiting.length > 0) {
      const group = this.takeGroup();
      if (group.length === 0) return;
      void this.runGroup(group);
    }
  }

  // A call whose key is in flight is parked, so that it is not looked at again with every new call.
  private takeGroup(): Waiting<Call, Result>[] {
    const { maxCalls, maxBytes } = this.limits;
    const group: Waiting<Call, Result>[] = [];
    let bytes = 0;
    let taken = 0;
    for (const one of this.waiting) {
      const isFull = group.length >= maxCalls || (group.length > 0 && bytes + one.bytes > maxBytes);
      if (isFull) break;
      taken += 1;
      if (one.key !== undefined && this.keysInFlight.has(one.key)) {
        this.park(one.key, one);
      } else {
        group.push(one);
        bytes += one.bytes;
      }
    }
    this.waiting = this.waiting.slice(taken);
    return group;
  }

  private park(key: string, one: Waiting<Call, Result>): void {
    const others = this.parked.get(key);
    if (others) others.push(one);
    else this.parked.set(key, [one]);
  }

  private unpark(keys: Set<string>): void {
    const free = [...keys].flatMap((key) => this.parked.get(key) ?? []);
    for (const key of keys) this.parked.delete(key);
    if (free.length > 0) this.waiting = [...free, ...this.waiting];
  }

  private async runGroup(group: Waiting<Call, Result>[]): Promise<void> {
    const keys = new Set(group.flatMap(({ key }) => key ?? []));
    this.groupsInFlight += 1;
    for (const key of keys) this.keysInFlight.add(key);
    try {
      const results = await this.work.run(group.map(({ call }) => call));
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
