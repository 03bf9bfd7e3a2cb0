import { CloudError } from "./definition.ts";
import type { Space, World } from "./world.ts";

/** What an account is called that no program has signed in to yet; AWS's documentation uses it the same way. */
const UNNAMED = "123456789012";

/** The one account of a sandbox. It takes the id that the first program asks for, and keeps it as long as its world lasts. */
export class Account {
  private readonly space: Space<string>;

  constructor(world: World) {
    this.space = world.space<string>("account");
  }

  /** 12 digits. */
  get id(): string {
    return this.space.get("id") ?? UNNAMED;
  }

  /** Signs a program in that allows these account ids, as `aws:allowedAccountIds` of the real provider does. Throws `AccountNotAllowed` for another account. */
  signIn(allowed: readonly string[]): void {
    const known = this.space.get("id");
    const [first] = allowed;
    if (known === undefined && first !== undefined) this.space.set("id", first);
    else if (known !== undefined && !allowed.includes(known)) {
      throw new CloudError(
        "AccountNotAllowed",
        `AWS account ID not allowed: ${known}. aws:allowedAccountIds is ${allowed.join(", ")}; this sandbox holds account ${known}. ` +
          "Set aws:allowedAccountIds back, or begin another sandbox with: npm run sandbox -- reset",
      );
    }
  }
}
