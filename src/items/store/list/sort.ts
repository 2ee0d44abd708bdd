/** A member that lists can be sorted by. */
type SortMember = 'id' | 'name' | 'createdAt' | 'updatedAt';

/** An order of a list. Items with equal values are in the order of their ids, in the same direction. */
export interface Sort {
  member: SortMember;
  isDescending: boolean;
}

const MEMBERS: SortMember[] = ['id', 'name', 'createdAt', 'updatedAt'];

/** By the value of `sort`: `-` means descending. */
export const SORTS: ReadonlyMap<string, Sort> = new Map(
  MEMBERS.flatMap((member): [string, Sort][] => [
    [member, { member, isDescending: false }],
    [`-${member}`, { member, isDescending: true }],
  ]),
);

/** The order of a list whose request names none. */
export const SORT_DEFAULT = 'id';
