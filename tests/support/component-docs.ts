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

type Interfaces = ReadonlyMap<string, ts.InterfaceDeclaration>;

/** Every class under `components/` that extends ComponentResource, by name. */
export function readComponents(): ComponentDoc[] {
  const sources = globSync("components/**/*.ts", { cwd: root })
    .sort()
    .map((file) => join(root, file))
    .map((path) => ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true));
  const declared = sources.flatMap(({ statements }) => statements.filter(ts.isInterfaceDeclaration));
  const interfaces = new Map(declared.map((one) => [one.name.text, one]));
  return sources.flatMap((source) => componentsOf(source, interfaces)).sort((one, other) => one.name.localeCompare(other.name));
}

function componentsOf(source: ts.SourceFile, interfaces: Interfaces): ComponentDoc[] {
  const file = relative(root, source.fileName).split(sep).join("/");
  return source.statements.filter(ts.isClassDeclaration).flatMap((declaration) => {
    const name = declaration.name?.text;
    if (
      name === undefined ||
      declaration.heritageClauses?.some((clause) => clause.getText().includes("ComponentResource")) !== true
    )
      return [];
    const [text = "", cost = ""] = commentOf(declaration).text.split(/\n+\*\*Cost\*\*:\s*/);
    return [
      {
        name,
        concern: file.split("/")[1] ?? "",
        file,
        text: text.trim(),
        cost: cost.trim(),
        args: membersOf(`${name}Args`, interfaces).map((member) => memberOf(member)),
        outputs: declaration.members
          .filter(ts.isPropertyDeclaration)
          .filter(isPublic)
          .map((member) => memberOf(member)),
      },
    ];
  });
}

/** The members of an interface, those that it takes over from others first. */
function membersOf(name: string, interfaces: Interfaces): ts.PropertySignature[] {
  const found = interfaces.get(name);
  const above = (found?.heritageClauses ?? []).flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
  const own = [...(found?.members ?? [])].filter(ts.isPropertySignature);
  return [...above.flatMap((one) => membersOf(one, interfaces)), ...own];
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
