/** What the model can do with an item. */
export const COMMAND_KINDS = ['create', 'replace', 'patch', 'delete'] as const;
export type CommandKind = (typeof COMMAND_KINDS)[number];

/** Items with only a name, changed one by one: a short model of what the service must do. */
export class ItemModel {
  private readonly items = new Map<string, { version: number; name: string | undefined }>();

  get ids(): string[] {
    return [...this.items.keys()];
  }

  /** 0 if it never existed. A delete has a version too. */
  versionOf(id: string): number {
    return this.items.get(id)?.version ?? 0;
  }

  /** Undefined if there is no such item. */
  nameOf(id: string): string | undefined {
    return this.items.get(id)?.name;
  }

  /** `version 3`, `deleted`, or the status of the problem. `expects` is the version in If-Match. */
  carryOut(kind: CommandKind, id: string, name: string, expects?: number): string {
    const before = this.nameOf(id);
    const isThere = before !== undefined;
    if (!isThere && (kind === 'patch' || kind === 'delete')) return '404';
    if (expects !== undefined && !(isThere && expects === this.versionOf(id))) return '412';
    if (isThere && kind === 'create') return '409';
    const after = kind === 'delete' ? undefined : name;
    if (after !== before) this.items.set(id, { version: this.versionOf(id) + 1, name: after });
    return kind === 'delete' ? 'deleted' : `version ${this.versionOf(id)}`;
  }
}
