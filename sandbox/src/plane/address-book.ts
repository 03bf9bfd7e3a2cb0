import { type Props, text } from "../core/values.ts";
import type { Space, World } from "../core/world.ts";

/** Where on this machine a cloud endpoint is really served. */
export interface LocalAddress {
  readonly host: "127.0.0.1";
  readonly port: number;
}

/** A way in for people: a local URL, and the public address or name that it stands for. */
export interface Door {
  readonly url: string;
  readonly target: string;
  /** Whether it stands for a name. @default false */
  readonly isName?: boolean;
}

/** Which local port stands behind each `host:port` of the cloud, and where its front doors are. */
export class AddressBook {
  private readonly addresses: Space<number>;
  private readonly doorSpace: Space<Props>;

  constructor(world: World) {
    this.addresses = world.space<number>("addresses");
    this.doorSpace = world.space<Props>("doors");
  }

  /** Remembers that `realName` (`host:port`) is served by `local`. */
  set(realName: string, local: LocalAddress): void {
    this.addresses.set(realName.toLowerCase(), local.port);
  }

  /** Forgets a name; an unknown one is fine. */
  remove(realName: string): void {
    this.addresses.delete(realName.toLowerCase());
  }

  /** The local address of a `host:port`, or undefined if nothing here serves it. */
  resolve(realName: string): LocalAddress | undefined {
    const port = this.addresses.get(realName.toLowerCase());
    return port === undefined ? undefined : { host: "127.0.0.1", port };
  }

  /** All names with their local addresses, in name order. */
  entries(): [realName: string, local: LocalAddress][] {
    return this.addresses.entries().map(([name, port]) => [name, { host: "127.0.0.1", port }]);
  }

  /** Opens a door under a name (a resource id), or moves it. */
  setDoor(name: string, door: Door): void {
    this.doorSpace.set(name, { ...door });
  }

  /** Closes a door; an unknown one is fine. */
  removeDoor(name: string): void {
    this.doorSpace.delete(name);
  }

  /** All doors: those of names first, the shortest name before what lies under it, and then the others in the order of their names. */
  doors(): [name: string, door: Door][] {
    const all = this.doorSpace.entries().map(([name, door]): [string, Door] => {
      const { url, target, isName } = { url: text(door, "url"), target: text(door, "target"), isName: door["isName"] === true };
      return [name, { url, target, ...(isName && { isName }) }];
    });
    const rank = ([name, { isName }]: [string, Door]): number => (isName === true ? name.split(".").length : Infinity);
    return all.sort((one, other) => (rank(one) === rank(other) ? 0 : rank(one) - rank(other)));
  }
}
