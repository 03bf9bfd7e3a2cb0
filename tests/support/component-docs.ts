import { globSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ts from "typescript";

/** The checkout's root folder. */
const root = join(import.meta.dirname, "../..");

/** One argument or one output of a component. */
export interface MemberDoc {
  readonly name: string;
  readonly optional: boolean;
  /** As it stands in the source, on one line. */
  readonly type: string;
  /** Without the default; empty when nobody wrote a word. */
  readonly text: string;
  /** What `@default` says; undefined without it. */
  readonly default: string | undefined;
}

/** What the source says about a component: its class doc, its arguments and its outputs. */
export interface ComponentDoc {
  readonly name: string;
  /** The folder under `components/`. */
  readonly concern: string;
  /** From the root of the checkout, with `/`. */
  readonly file: string;
  /** The class doc without the cost. */
  readonly text: string;
  /** What stands behind `**Cost**:` in the class doc; empty without it. */
  readonly cost: string;
  readonly args: readonly MemberDoc[];
  readonly outputs: readonly MemberDoc[];
}

/** Every class under `components/` that extends ComponentResource, by name. */
export function readComponents(): ComponentDoc[] {
  const files = globSync("components/**/*.ts", { cwd: root }).sort();
  return files.flatMap((file) => componentsOf(join(root, file))).sort((one, other) => one.name.localeCompare(other.name));
}

function componentsOf(path: string): ComponentDoc[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
  const file = relative(root, path).split(sep).join("/");
  return source.statements.filter(ts.isClassDeclaration).flatMap((declaration) => {
    const name = declaration.name?.text;
    if (
      name === undefined ||
      declaration.heritageClauses?.some((clause) => clause.getText().includes("ComponentResource")) !== true
    )
      return [];
    const [text = "", cost = ""] = commentOf(declaration).text.split(/\n+\*\*Cost\*\*:\s*/);
    const args = source.statements.filter(ts.isInterfaceDeclaration).find((one) => one.name.text === `${name}Args`);
    return [
      {
        name,
        concern: file.split("/")[1] ?? "",
        file,
        text: text.trim(),
        cost: cost.trim(),
        args: [...(args?.members ?? [])].filter(ts.isPropertySignature).map((member) => memberOf(member)),
        outputs: declaration.members
          .filter(ts.isPropertyDeclaration)
          .filter(isPublic)
          .map((member) => memberOf(member)),
      },
    ];
  });
}

function isPublic(member: ts.PropertyDeclaration): boolean {
  const hidden = member.modifiers?.some(
    ({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword,
  );
  return !ts.isPrivateIdentifier(member.name) && hidden !== true;
}

function memberOf(member: ts.PropertySignature | ts.PropertyDeclaration): MemberDoc {
  return {
    name: member.name.getText(),
    optional: member.questionToken !== undefined,
    type: (member.type?.getText() ?? "").replace(/\s+/g, " "),
    ...commentOf(member),
  };
}

function commentOf(node: ts.Node): { readonly text: string; readonly default: string | undefined } {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const tag = comment?.tags?.find(({ tagName }) => tagName.text === "default");
  return {
    text: plain(comment?.comment),
    default: tag === undefined ? undefined : plain(tag.comment).replace(/^- /, ""),
  };
}

/** A comment's text; a link becomes the name that it leads to. */
function plain(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  if (comment === undefined || typeof comment === "string") return comment ?? "";
  return comment.map((part) => (ts.isJSDocLink(part) ? `\`${part.name?.getText() ?? part.text}\`` : part.text)).join("");
}
