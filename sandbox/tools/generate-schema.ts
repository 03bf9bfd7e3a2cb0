import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import type { Shape, TypeSchema } from "../src/core/schema.ts";

const require = createRequire(import.meta.url);

/** The type declarations in which a provider's package describes a resource type: `aws:ec2/vpc:Vpc` → `@pulumi/aws/ec2/vpc.d.ts`. */
export function declarationFile(token: string): string {
  const [provider = "", module = ""] = token.split(":");
  const root = dirname(require.resolve(`@pulumi/${provider}/package.json`));
  const file = join(root, `${module.replace(/^index\//, "")}.d.ts`);
  if (!existsSync(file)) throw new Error(`@pulumi/${provider} declares no type ${token}: there is no ${file}`);
  return file;
}

/**
 * Reads the inputs, the required ones and the outputs of resource types from the declarations of their provider's package.
 * Throws for a token that the package does not have.
 */
export function readSchemas(tokens: readonly string[]): Record<string, TypeSchema> {
  const files = new Map(tokens.map((token) => [token, declarationFile(token)]));
  const program = ts.createProgram([...files.values()], { module: ts.ModuleKind.NodeNext, skipLibCheck: true, noLib: true });
  const checker = program.getTypeChecker();
  return Object.fromEntries(
    [...files].map(([token, file]) => {
      const source = program.getSourceFile(file);
      const name = token.split(":").at(-1) ?? "";
      if (source === undefined) throw new Error(`cannot read ${file}`);
      return [token, readType(source, name, checker)];
    }),
  );
}

function readType(source: ts.SourceFile, name: string, checker: ts.TypeChecker): TypeSchema {
  const args = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === `${name}Args`);
  const resource = source.statements.find((node) => ts.isClassDeclaration(node) && node.name?.text === name);
  if (args === undefined || resource === undefined)
    throw new Error(`${source.fileName} does not declare ${name} and ${name}Args`);
  const { object: inputs, required } = membersOf((args as ts.InterfaceDeclaration).members, checker, []);
  const outputs = (resource as ts.ClassDeclaration).members
    .filter((member) => ts.isPropertyDeclaration(member))
    .filter((member) => !member.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword))
    .map((member) => member.name.getText());
  return { inputs, required, outputs };
}

interface Members {
  readonly object: Record<string, Shape>;
  readonly required: string[];
}

function membersOf(members: ts.NodeArray<ts.TypeElement>, checker: ts.TypeChecker, within: readonly ts.Symbol[]): Members {
  const properties = members.filter((member) => ts.isPropertySignature(member));
  const shapes = properties.map((member) => [member.name.getText(), shapeOf(member.type, checker, within)] as const);
  const required = properties.filter(({ questionToken }) => questionToken === undefined).map((member) => member.name.getText());
  return { object: Object.fromEntries(shapes), required };
}

function shapeOf(node: ts.TypeNode | undefined, checker: ts.TypeChecker, within: readonly ts.Symbol[]): Shape {
  if (node === undefined) return "any";
  if (node.kind === ts.SyntaxKind.StringKeyword || ts.isLiteralTypeNode(node)) return "string";
  if (node.kind === ts.SyntaxKind.NumberKeyword) return "number";
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return "boolean";
  if (ts.isParenthesizedTypeNode(node)) return shapeOf(node.type, checker, within);
  if (ts.isArrayTypeNode(node)) return { list: shapeOf(node.elementType, checker, within) };
  if (ts.isUnionTypeNode(node)) return unionOf(node, checker, within);
  if (ts.isTypeLiteralNode(node)) {
    const [index] = node.members;
    return index !== undefined && ts.isIndexSignatureDeclaration(index) ? { map: shapeOf(index.type, checker, within) } : "any";
  }
  return ts.isTypeReferenceNode(node) ? namedShape(node, checker, within) : "any";
}

function unionOf(node: ts.UnionTypeNode, checker: ts.TypeChecker, within: readonly ts.Symbol[]): Shape {
  const options = node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword);
  const shapes = options.map((option) => shapeOf(option, checker, within));
  const different = [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
  const [only] = different;
  return different.length === 1 && only !== undefined ? only : { oneOf: different };
}

function namedShape(node: ts.TypeReferenceNode, checker: ts.TypeChecker, within: readonly ts.Symbol[]): Shape {
  if (node.typeName.getText().endsWith("Input") && node.typeArguments?.length === 1) {
    return shapeOf(node.typeArguments[0], checker, within);
  }
  const found = checker.getSymbolAtLocation(node.typeName);
  if (found === undefined) return "any";
  const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  const declared = symbol.declarations?.find((declaration) => ts.isInterfaceDeclaration(declaration));
  if (declared !== undefined && !within.includes(symbol)) return membersOf(declared.members, checker, [...within, symbol]);
  // What is left: the literal unions that the packages declare as a constant and a type of one name, and types that hold themselves.
  const alias = symbol.declarations?.find((declaration) => ts.isTypeAliasDeclaration(declaration));
  return alias === undefined ? "any" : "string";
}

function packageVersion(provider: string): string {
  return (JSON.parse(readFileSync(require.resolve(`@pulumi/${provider}/package.json`), "utf8")) as { version: string }).version;
}

/** Writes `sandbox/schema/<provider>.json`: the package's version, and every type of it that the sandbox serves. */
async function main(): Promise<void> {
  const services = new URL("../src/services/index.ts", import.meta.url).href;
  const { definitions } = (await import(services)) as { definitions: readonly { readonly type: string }[] };
  const schemas = Object.entries(readSchemas(definitions.map(({ type }) => type).sort()));
  const providerOf = (type: string): string => type.split(":")[0] ?? "";
  const folder = join(import.meta.dirname, "../schema");
  mkdirSync(folder, { recursive: true });
  for (const provider of new Set(schemas.map(([type]) => providerOf(type)))) {
    const lines = schemas
      .filter(([type]) => providerOf(type) === provider)
      .map(([type, schema]) => `${JSON.stringify(type)}: ${JSON.stringify(schema)}`);
    const version = JSON.stringify(packageVersion(provider));
    writeFileSync(join(folder, `${provider}.json`), `{\n"version": ${version},\n"types": {\n${lines.join(",\n")}\n}\n}\n`);
    console.log(`${provider}: ${lines.length} types`);
  }
}

if (import.meta.main) await main();
