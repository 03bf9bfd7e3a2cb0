import { CloudError } from "../../core/definition.ts";

/** Undoes the `aws-chunked` encoding of an upload: `<hex size>[;extensions]\r\n<data>\r\n`, a last chunk of size 0, then trailing headers. */
export class ChunkedDecoder {
  /** The headers that came after the data, once it is all there; names in lower case. */
  readonly trailers = new Map<string, string>();
  private buffered: Buffer = Buffer.alloc(0);
  private left = 0;
  private state: "size" | "data" | "end-of-data" | "trailers" | "done" = "size";

  /** The data in the next piece of the body. */
  *decode(piece: Buffer): Generator<Buffer> {
    this.buffered = this.buffered.length === 0 ? piece : Buffer.concat([this.buffered, piece]);
    for (;;) {
      if (this.state === "data") {
        const data = this.buffered.subarray(0, this.left);
        if (data.length === 0) return;
        this.buffered = this.buffered.subarray(data.length);
        this.left -= data.length;
        if (this.left === 0) this.state = "end-of-data";
        yield data;
      } else if (!this.readLine()) return;
    }
  }

  /** Throws `IncompleteBody` if the body ended before its last chunk. */
  finish(): void {
    if (this.state !== "trailers" && this.state !== "done") throw incomplete();
  }

  private readLine(): boolean {
    const end = this.buffered.indexOf("\r\n");
    if (end < 0) {
      if (this.buffered.length > 16_384) throw incomplete();
      return false;
    }
    const line = this.buffered.subarray(0, end).toString("latin1");
    this.buffered = this.buffered.subarray(end + 2);
    this.take(line);
    return true;
  }

  private take(line: string): void {
    if (this.state === "end-of-data") {
      if (line !== "") throw incomplete();
      this.state = "size";
    } else if (this.state === "size") {
      if (!/^[0-9a-fA-F]{1,8}(;.*)?$/.test(line)) throw incomplete();
      this.left = Number.parseInt(line, 16);
      this.state = this.left === 0 ? "trailers" : "data";
    } else if (line === "") this.state = "done";
    else {
      const at = line.indexOf(":");
      this.trailers.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
    }
  }
}

function incomplete(): CloudError {
  return new CloudError("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header");
}
