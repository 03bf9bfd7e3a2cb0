import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./commands.ts";

/** Another revision of a checkout, in a folder of its own. */
export interface Checkout {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/**
 * Checks a revision out beside the one at `root`. It uses the same packages where its lockfile is the same, and installs its own
 * where not.
 */
export async function checkOut(root: string, revision: string): Promise<Checkout> {
  const folder = join(mkdtempSync(join(tmpdir(), "platform-pr-")), "base");
  await run(["git", "worktree", "add", "--detach", "--force", folder, revision], { cwd: root });
  if (lockOf(folder) === lockOf(root)) {
    for (const modules of await packageFolders(root))
      if (!existsSync(join(folder, modules)) && existsSync(join(root, modules)))
        symlinkSync(join(root, modules), join(folder, modules));
  } else await run(["npm", "ci", "--no-audit", "--no-fund"], { cwd: folder });
  return {
    folder,
    remove: async () => {
      await run(["git", "worktree", "remove", "--force", folder], { cwd: root });
      rmSync(join(folder, ".."), { recursive: true, force: true });
    },
  };
}

/** Where packages are installed: at the root, and beside each workspace that needs versions of its own. */
async function packageFolders(root: string): Promise<string[]> {
  const { stdout } = await run(["git", "ls-files", "package.json", "*/package.json"], { cwd: root });
  return stdout
    .split("\n")
    .filter((file) => file !== "")
    .map((file) => file.replace(/package\.json$/, "node_modules"));
}

function lockOf(folder: string): string {
  const file = join(folder, "package-lock.json");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
