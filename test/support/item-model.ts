/** What the model can do with an item. */
export const COMMAND_KINDS = ['create', 'replace', 'patch', 'delete', 'restore', 'erase'] as const;
export type CommandKind = (typeof COMMAND_KINDS)[number];

/** Items with only a name, changed one by one: a short model of what the service must do. */
export class ItemModel {
  /** The name after each version of an item, from the first on; undefined after a delete and after an erasure. */
  private readonly names = new Map<string, (string | undefined)[]>();
  /** How many versions of an item were erased. */
  private readonly erased = new Map<string, number>();

  get ids(): string[] {
    return [...this.names.keys()];
  }

  /** 0 if it never existed. A delete has a version too. */
  versionOf(id: string): number {
    return this.names.get(id)?.length ?? 0;
  }

  /** Undefined if there is no such item. */
  nameOf(id: string): string | undefined {
    return this.names.get(id)?.at(-1);
  }

  /**
   * `version 3`, `deleted`, or the status of the problem. `expects` is the version in If-Match, `restores` the version that a restore
   * names.
   */
  carryOut(kind: CommandKind, id: string, name: string, expects?: number, restores = 0): string {
    const before = this.nameOf(id);
    const isThere = before !== undefined;
    if (kind === 'erase') return this.erase(id, isThere);
    if (kind === 'restore' && restores > 0 && restores <= (this.erased.get(id) ?? 0)) return '410';
    const state = kind === 'restore' ? this.names.get(id)?.[restores - 1] : name;
    if (!isThere && (kind === 'patch' || kind === 'delete')) return '404';
    if (state === undefined) return '404';
    if (expects !== undefined && !(isThere && expects === this.versionOf(id))) return '412';
    if (isThere && kind === 'create') return '409';
    const after = kind === 'delete' ? undefined : state;
    if (after !== before) this.names.set(id, [...(this.names.get(id) ?? []), after]);
    return kind === 'delete' ? 'deleted' : `version ${this.versionOf(id)}`;
  }

  private erase(id: string, isThere: boolean): string {
    const names = this.names.get(id);
    if (names === undefined) return '404';
    if (isThere) return '409';
    if (this.erased.get(id) !== names.length - 1) {
      this.erased.set(id, names.length);
      names.push(undefined);
    }
    return 'deleted';
  }
}
