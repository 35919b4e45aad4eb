import type { DiskEvent } from './disk-trace.ts';

/** What lies in the folder after the power came back: contents by name. */
export type Image = ReadonlyMap<string, Buffer>;

/** One way in which the disk may have been left. */
export interface Cut {
  /** After so many events. */
  readonly at: number;
  readonly damage: Damage;
  readonly image: Image;
}

/**
 * What became of the writes that were not synced yet: none reached the disk, all did, all up to some byte,
 * all with zeros from some byte on, all but one, or any of them in any order, a sector at a time.
 */
export const DAMAGES = ['lost', 'kept', 'torn', 'zeroed', 'holed', 'scattered'] as const;
export type Damage = (typeof DAMAGES)[number];

type Change = Extract<DiskEvent, { kind: 'write' | 'resize' }>;
type Naming = Extract<DiskEvent, { kind: 'name' | 'unname' }>;

const SECTOR_BYTES = 512;

/**
 * A disk that keeps what was synced and owes nothing else. A sync makes one file's bytes durable; names
 * are durable in the order in which they were made, once the folder was synced.
 */
class Disk {
  readonly #durable = new Map<number, Buffer>();
  readonly #names = new Map<string, number>();
  #pending: Change[] = [];
  #namings: Naming[] = [];

  get owesNothing(): boolean {
    return this.#pending.length === 0 && this.#namings.length === 0;
  }

  happens(event: DiskEvent): void {
    switch (event.kind) {
      case 'write':
      case 'resize':
        this.#pending.push(event);
        return;
      case 'name':
      case 'unname':
        this.#namings.push(event);
        return;
      case 'sync':
        for (const change of this.#pending) if (change.inode === event.inode) apply(this.#durable, change);
        this.#pending = this.#pending.filter(({ inode }) => inode !== event.inode);
        return;
      case 'sync_folder':
        for (const naming of this.#namings) rename(this.#names, naming);
        this.#namings = [];
        return;
      case 'said':
        return;
    }
  }

  after(damage: Damage, random: () => number): Image {
    const contents = new Map(this.#durable);
    for (const change of damaged(this.#pending, damage, random)) apply(contents, change);
    const names = new Map(this.#names);
    const namings = damage === 'lost' ? 0 : damage === 'kept' ? Infinity : random() * this.#namings.length;
    for (const naming of this.#namings.slice(0, Math.ceil(namings))) rename(names, naming);
    return new Map([...names].map(([name, inode]) => [name, contents.get(inode) ?? Buffer.alloc(0)]));
  }
}

function apply(contents: Map<number, Buffer>, change: Change): void {
  const before = contents.get(change.inode) ?? Buffer.alloc(0);
  const end = change.kind === 'resize' ? change.size : change.offset + change.bytes.length;
  const after = Buffer.alloc(change.kind === 'resize' ? end : Math.max(before.length, end));
  before.copy(after);
  if (change.kind === 'write') change.bytes.copy(after, change.offset);
  contents.set(change.inode, after);
}

function rename(names: Map<string, number>, naming: Naming): void {
  if (naming.kind === 'name') names.set(naming.name, naming.inode);
  else names.delete(naming.name);
}

function damaged(pending: readonly Change[], damage: Damage, random: () => number): readonly Change[] {
  const chosen = Math.floor(random() * pending.length);
  const upTo = (change: Change): Change[] => {
    if (change.kind === 'resize') return [];
    const length = Math.floor(random() * change.bytes.length);
    return [{ ...change, bytes: change.bytes.subarray(0, length) }];
  };
  const zeroed = (change: Change): Change =>
    change.kind === 'resize' ? change : { ...change, bytes: Buffer.alloc(change.bytes.length) };
  switch (damage) {
    case 'lost':
      return [];
    case 'kept':
      return pending;
    case 'torn':
      return [...pending.slice(0, chosen), ...pending.slice(chosen, chosen + 1).flatMap(upTo)];
    case 'zeroed': {
      const begun = pending.slice(chosen, chosen + 1).flatMap(upTo);
      return [...pending.slice(0, chosen), ...pending.slice(chosen).map(zeroed), ...begun];
    }
    case 'holed':
      return pending.filter((_change, index) => index !== chosen);
    case 'scattered':
      return pending.flatMap(sectorsOf).filter(() => random() < 0.5);
  }
}

/** The smallest piece that a disk writes whole. */
function sectorsOf(change: Change): Change[] {
  if (change.kind === 'resize') return [change];
  const { offset, bytes } = change;
  const sectors: Change[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, from + SECTOR_BYTES - ((offset + from) % SECTOR_BYTES));
    sectors.push({ ...change, offset: offset + from, bytes: bytes.subarray(from, to) });
    from = to;
  }
  return sectors;
}

/** Every way in which a power cut after each event can have left the disk; `every` skips instants between. */
export function* powerCuts(events: readonly DiskEvent[], random: () => number, every = 1): Generator<Cut> {
  const disk = new Disk();
  for (const [index, event] of events.entries()) {
    disk.happens(event);
    if (index % every !== 0) continue;
    const damages = disk.owesNothing ? (['kept'] as const) : DAMAGES;
    for (const damage of damages) yield { at: index + 1, damage, image: disk.after(damage, random) };
  }
}
