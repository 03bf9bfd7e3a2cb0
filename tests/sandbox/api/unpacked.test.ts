import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { unpacked } from "../../../sandbox/src/api/http.ts";
import { CloudError } from "../../../sandbox/src/core/definition.ts";

describe("a body that the client compressed", () => {
  const gzip = { "content-encoding": "gzip" };

  it("is unpacked, and another is left as it is", () => {
    assert.equal(unpacked(gzipSync("words"), gzip).toString(), "words");
    assert.equal(unpacked(Buffer.from("words"), {}).toString(), "words");
    assert.equal(unpacked(Buffer.from("words"), { "content-encoding": "aws-chunked" }).toString(), "words");
  });

  it("is refused when it is larger than a body may be", () => {
    assert.equal(unpacked(gzipSync("x".repeat(100)), gzip, 100).length, 100);
    assert.throws(
      () => unpacked(gzipSync("x".repeat(101)), gzip, 100),
      new CloudError("RequestEntityTooLarge", "The request is larger than 100 bytes when unpacked.", 413),
    );
  });

  it("is refused when it is not what it says it is", () => {
    assert.throws(
      () => unpacked(Buffer.from("words"), gzip),
      new CloudError("SerializationException", "The request's body is not what its Content-Encoding says: gzip."),
    );
  });
});
