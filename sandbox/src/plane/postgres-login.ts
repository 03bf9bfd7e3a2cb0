import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { errorResponse, int32, message, type Message, MessageReader, readOpening, textAt } from "./postgres-messages.ts";
import { MECHANISM, ScramServer } from "./postgres-scram.ts";

/** What a client is asked for. */
export type Admission =
  | { readonly by: "password"; readonly password: string }
  /** A token, which is sent as it is. */
  | { readonly by: "token"; readonly isValid: (token: string) => boolean };

/** Who may come in. */
export interface Gate {
  readonly requireTls: () => boolean;
  readonly tls: () => SecureContext;
  /** Throws {@link LoginRefused} for a user that may not. */
  readonly admit: (user: string) => Admission;
}

/** Why a client is not let in; `code` is an SQLSTATE. */
export class LoginRefused extends Error {
  readonly code: string;
  constructor(code: string, text: string) {
    super(text);
    this.name = "LoginRefused";
    this.code = code;
  }
}

/** A client that may come in, and has not been told yet. */
export interface LoggedIn {
  readonly socket: Socket;
  readonly user: string;
  readonly database: string;
  /** Configuration parameters that it asked for. */
  readonly settings: ReadonlyMap<string, string>;
  /** What it has sent already. */
  readonly rest: Buffer;
}

const NOT_SETTINGS = ["user", "database", "options", "replication"];
const FEATURE = "Feature not supported: RDS Proxy";

/**
 * Lets a client in, or tells it why not and closes: undefined then, and for one that only wanted to cancel a query, which RDS Proxy does not support. The words
 * are RDS Proxy's (Aurora User Guide, "Troubleshooting for RDS Proxy").
 */
export async function login(socket: Socket, gate: Gate): Promise<LoggedIn | undefined> {
  let line = new Line(socket);
  try {
    let encrypted = false;
    for (;;) {
      const opening = await line.opening();
      if (opening.kind === "cancel") {
        line.socket.destroy();
        return undefined;
      }
      if (opening.kind === "gss" || (opening.kind === "tls" && encrypted)) line.socket.write("N");
      else if (opening.kind === "tls") {
        // What came before the encryption was agreed is not to be taken for part of it.
        if (line.release().length > 0) throw new LoginRefused("08P01", "received unencrypted data after SSL request");
        socket.write("S");
        line = new Line(new TLSSocket(socket, { isServer: true, secureContext: gate.tls() }));
        encrypted = true;
      } else {
        if (gate.requireTls() && !encrypted) throw new LoginRefused("28000", "This RDS Proxy requires TLS connections.");
        const { user, database, settings } = start(opening.major, opening.parameters);
        await authenticate(line, user, gate.admit(user), encrypted);
        return { socket: line.socket, user, database, settings, rest: line.release() };
      }
    }
  } catch (error) {
    if (error instanceof LoginRefused) line.socket.end(errorResponse("FATAL", error.code, error.message));
    else line.socket.destroy();
    return undefined;
  }
}

/** What the client is told when it is let in: what the server told of itself, and that it may go on. A key to cancel by is of no use here; clients expect one. */
export function welcome(parameters: ReadonlyMap<string, string>): Buffer {
  return Buffer.concat([
    message("R", int32(0)),
    ...[...parameters].map(([name, value]) => message("S", `${name}\0${value}\0`)),
    message("K", int32(0), int32(0)),
    message("Z", "I"),
  ]);
}

function start(major: number, parameters: ReadonlyMap<string, string>): Pick<LoggedIn, "user" | "database" | "settings"> {
  if (major !== 3) throw new LoginRefused("0A000", `${FEATURE} supports only version 3.0 of the PostgreSQL messaging protocol.`);
  const user = parameters.get("user") ?? "";
  if (user === "")
    throw new LoginRefused(
      "28000",
      "A user name is missing from the connection startup packet. Provide a user name for this connection.",
    );
  if (!["", "false", "off", "no", "0"].includes(parameters.get("replication") ?? ""))
    throw new LoginRefused("0A000", `${FEATURE} currently doesn't support streaming replication mode.`);
  if (parameters.has("options")) throw new LoginRefused("0A000", `${FEATURE} currently doesn't support the option options.`);
  const settings = new Map([...parameters].filter(([name]) => !NOT_SETTINGS.includes(name) && !name.startsWith("_pq_.")));
  return { user, database: parameters.get("database") ?? user, settings };
}

async function authenticate(line: Line, user: string, admission: Admission, encrypted: boolean): Promise<void> {
  if (admission.by === "token") {
    if (!encrypted) throw new LoginRefused("28000", "IAM authentication is allowed only with SSL connections.");
    line.socket.write(message("R", int32(3)));
    if (admission.isValid(textAt((await line.message("p")).body))) return;
    throw new LoginRefused(
      "28P01",
      `The IAM authentication failed for the role ${user}. Check the IAM token for this role and try again.`,
    );
  }
  const scram = new ScramServer(admission.password);
  line.socket.write(message("R", int32(10), `${MECHANISM}\0\0`));
  const { body } = await line.message("p");
  const mechanism = textAt(body);
  if (mechanism !== MECHANISM) throw new LoginRefused("28000", "RDS supports only IAM, MD5, or SCRAM authentication.");
  line.socket.write(message("R", int32(11), scram.first(body.toString("utf8", mechanism.length + 5))));
  const proof = scram.final((await line.message("p")).body.toString("utf8"));
  if (proof === undefined) throw new LoginRefused("28P01", `The password that was provided for the role ${user} is wrong.`);
  line.socket.write(message("R", int32(12), proof));
}

/** A socket that is read piece by piece. */
class Line {
  readonly socket: Socket;
  private data: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => undefined); // Followed by the close.
  }

  async opening(): Promise<NonNullable<ReturnType<typeof readOpening>>["opening"]> {
    for (;;) {
      const found = readOpening(this.data);
      if (found !== undefined) {
        this.data = found.rest;
        return found.opening;
      }
      await this.more();
    }
  }

  /** The next message, which must be of this type. */
  async message(type: string): Promise<Message> {
    for (;;) {
      const reader = new MessageReader();
      const [found] = reader.take(this.data);
      if (found !== undefined) {
        if (found.type !== type) throw new Error(`expected a message ${type}, got ${found.type}`);
        this.data = this.data.subarray(found.bytes.length);
        return found;
      }
      await this.more();
    }
  }

  /** What was read and not used; the socket is somebody else's from now on. */
  release(): Buffer {
    const rest = this.data;
    this.data = Buffer.alloc(0);
    return rest;
  }

  private more(): Promise<void> {
    return new Promise((resolve, reject) => {
      const onData = (chunk: Buffer): void => {
        this.socket.pause();
        this.socket.off("close", onClose);
        this.data = Buffer.concat([this.data, chunk]);
        resolve();
      };
      const onClose = (): void => {
        reject(new Error("the client has gone"));
      };
      this.socket.once("data", onData);
      this.socket.once("close", onClose);
      this.socket.resume();
    });
  }
}
