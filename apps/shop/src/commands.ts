import type { Shop } from "./shop.ts";

/** Something that an operator does on the machine, instead of serving. */
export interface Command {
  /** How it is called, for `--help`. */
  readonly usage: string;
  readonly about: string;
  /** Does it on a shop that is prepared. Returns what to print. @throws CommandError when it cannot be done */
  run(shop: Shop, args: readonly string[]): Promise<string>;
}

/** The command cannot be done as asked. */
export class CommandError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CommandError";
  }
}

/** The commands by their names. */
export const commands: ReadonlyMap<string, Command> = new Map([
  [
    "operator",
    {
      usage: "operator ADDRESS",
      about: "Lets the person with this e-mail address, who has signed up, see the page /operator.",
      async run({ modules }, [address = "", ...rest]) {
        if (address === "" || rest.length > 0)
          throw new CommandError("operator takes one e-mail address: node src/main.ts operator ada@example.com");
        if (!(await modules.auth.makeOperator(address)))
          throw new CommandError(`nobody has signed up as ${address}: sign up at /signup first`);
        return `${address} is an operator now: /operator`;
      },
    },
  ],
]);
