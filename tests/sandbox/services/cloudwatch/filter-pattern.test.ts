import assert from "node:assert/strict";
import * as fc from "fast-check";
import { CloudError } from "../../../../sandbox/src/core/definition.ts";
import { parsedEvent, parseFilterPattern } from "../../../../sandbox/src/services/cloudwatch/filter-pattern.ts";

function matches(pattern: string, message: string): boolean {
  return parseFilterPattern(pattern).matches(message, parsedEvent(message));
}

describe("a filter pattern of terms", () => {
  const lines = ["ERROR WARN message", "ERROR message", "WARN message", "error message", "Exiting with ERRORCODE: -1"];
  for (const [pattern, expected] of [
    ["", [0, 1, 2, 3, 4]],
    ["ERROR", [0, 1, 4]],
    ['"ERROR"', [0, 1, 4]],
    ["ERROR WARN", [0]],
    ["?ERROR ?WARN", [0, 1, 2, 4]],
    ["ERROR -WARN", [1, 4]],
    ['ERROR -"Exiting"', [0, 1]],
    ["-ERROR", [2, 3]],
    // An optional term counts only where there is no other kind.
    ["?ERROR message", [0, 1, 2, 3]],
    ['"R message"', [1]],
    ["%^W%", [2]],
    ["%ERROR[A-Z]+%", [4]],
    ["?%^W% ?ERRORCODE", [2, 4]],
    ["-%[A-Z]{4}%", [3]],
  ] as const) {
    it(`${pattern === "" ? "of none" : pattern} matches ${JSON.stringify(expected.map((index) => lines[index]))}`, () => {
      assert.deepEqual(
        lines.filter((line) => matches(pattern, line)),
        expected.map((index) => lines[index]),
      );
    });
  }

  it("takes quotation marks and backslashes in quotation marks", () => {
    assert.equal(matches(String.raw`"say \"hi\" \\o"`, String.raw`they say "hi" \o there`), true);
  });

  it("matches whatever stands in quotation marks, as it stands there", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), fc.string({ maxLength: 20 }), (term, around) => {
        const quoted = `"${term.replace(/["\\]/g, "\\$&")}"`;
        assert.equal(matches(quoted, around + term + around), true);
        assert.equal(matches(`-${quoted}`, around + term + around), false);
      }),
    );
  });
});

describe("a filter pattern of JSON fields", () => {
  const event = JSON.stringify({
    eventType: "UpdateTrail",
    sourceIPAddress: "111.111.111.111",
    arrayKey: ["value", "another value"],
    objectList: [
      { name: "a", id: 1 },
      { name: "b", id: 2 },
    ],
    SomeObject: null,
    ThisFlag: true,
    user: { id: 1, email: "John.Stiles@example.com" },
    users: [
      { id: 2, email: "John.Doe@example.com" },
      { id: 3, email: "Jane.Doe@example.com" },
    ],
    actions: ["GET", "PUT", "DELETE"],
    coordinates: [
      [0, 1, 2],
      [4, 5, 6],
      [7, 8, 9],
    ],
    latency: 500,
    "odd key": "here",
    text: "Ev*ent",
  });
  for (const [pattern, expected] of [
    ['{ $.eventType = "UpdateTrail" }', true],
    ["{ $.eventType = UpdateTrail }", true],
    ["{$.eventType=Update*}", true],
    ["{ $.eventType = *Trail }", true],
    ["{ $.eventType = *dateTr* }", true],
    ["{ $.eventType = Update }", false],
    ["{ $.eventType != Update* }", false],
    ["{ $.sourceIPAddress != 123.123.* }", true],
    ["{ $.sourceIPAddress = 111.111.* }", true],
    // A star between other characters is itself.
    ["{ $.text = Ev*ent }", true],
    ["{ $.eventType = Up*Trail }", false],
    ['{ $.arrayKey[0] = "value" }', true],
    ["{ $.arrayKey[2] = * }", false],
    ['{ $.arrayKey[*] = "another value" }', true],
    ["{ $.eventType[0] = U }", false],
    ["{ $.objectList[1].id = 2 }", true],
    ["{ $.objectList[*].id = 3 }", false],
    ["{ $.SomeObject IS NULL }", true],
    ["{ $.eventType IS NULL }", false],
    ["{ $.Nothing IS NULL }", false],
    ["{ $.SomeOtherObject NOT EXISTS }", true],
    ["{ $.SomeObject NOT EXISTS }", false],
    ["{ $.SomeObject EXISTS }", true],
    ["{ $.ThisFlag IS TRUE }", true],
    ["{ $.ThisFlag is false }", false],
    ['{ ($.user.id = 1) && ($.users[0].email = "John.Doe@example.com") }', true],
    ['{ ($.user.id = 2 && $.users[0].email = "nonmatch") || $.actions[2] = "GET" }', false],
    ['{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch && $.actions[2] = nomatch }', true],
    ['{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = nonmatch) && $.actions[2] = nomatch }', false],
    ["{ $.coordinates[1][2] = 6 }", true],
    // What is an array or an object equals nothing, and differs from nothing.
    ["{ $.users = 1 }", false],
    ["{ $.users != 1 }", false],
    ["{ $.latency = 500 }", true],
    ["{ $.latency = 5e2 }", true],
    ["{ $.latency != 400 }", true],
    ["{ $.latency >= 500 }", true],
    ["{ $.latency > +500 }", false],
    ["{ $.latency < 500.5 }", true],
    ["{ $.latency <= -1 }", false],
    ["{ $.latency = * }", true],
    ["{ $.latency = %^5% }", true],
    ["{ $.eventType > 5 }", false],
    ["{ $.Nothing > 5 }", false],
    ["{ $.Nothing != 5 }", false],
    ["{ $.eventType = %^Up.*l$% }", true],
    ["{ $.eventType != %Delete% }", true],
    ['{ $["odd key"] = here }', true],
    ["{ $.['odd key'] = here }", true],
    ["{ ((($.latency = 500))) }", true],
  ] as const) {
    it(`${pattern} is ${String(expected)} of the user guide's event`, () => assert.equal(matches(pattern, event), expected));
  }

  for (const line of ["latency 500", "", "500", '"latency"', "{ latency: 500 }", "null"]) {
    it(`matches no line that is not a JSON object: ${JSON.stringify(line)}`, () => {
      assert.equal(matches("{ $.latency NOT EXISTS }", line), false);
    });
  }

  it("sees no field that every object of the language has", () => {
    assert.equal(matches("{ $.constructor EXISTS }", "{}"), false);
    assert.equal(matches("{ $.__proto__ EXISTS }", "{}"), false);
  });

  it("compares numbers as numbers are compared", () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(number, number, (value, wanted) => {
        const line = JSON.stringify({ n: value });
        const of = (operator: string): boolean => matches(`{ $.n ${operator} ${String(wanted)} }`, line);
        assert.deepEqual(
          [of("="), of("!="), of("<"), of("<="), of(">"), of(">=")],
          [value === wanted, value !== wanted, value < wanted, value <= wanted, value > wanted, value >= wanted],
        );
      }),
    );
  });
});

describe("a filter pattern that cannot be read", () => {
  for (const [pattern, fault] of [
    ["[ip, user]", "the sandbox does not serve space-delimited patterns"],
    ["{ $.a = 1", "the closing brace is missing"],
    ["{ }", 'expected a property selector such as $.status at ""'],
    ["{ a = 1 }", 'expected a property selector such as $.status at "a = 1 "'],
    ["{ $ = 1 }", '"$ = 1 " does not name a property; write $.name'],
    ["{ $.a }", 'a comparison is missing before ""'],
    ["{ $.a = }", "a value is missing after ="],
    ["{ $.a > b }", "> compares numbers, and b is not one"],
    ["{ $.a = 1 $.b = 2 }", 'unexpected "$.b = 2"'],
    ["{ ($.a = 1 }", "a closing parenthesis is missing"],
    ["{ $.a[*].b[*] = 1 }", "a property selector takes one wildcard at most"],
    ["%(a|b)%", "the character ( is not supported in a regular expression"],
    ["%%", "it has an empty regular expression"],
    ["%[%", "%[% is not a regular expression"],
    ["%a% %b% %c%", "it has 3 regular expressions; 2 are allowed"],
    ["ERROR-5", "the term ERROR-5 has characters other than letters, digits and underscores; put it in double quotes"],
    ['"open', 'it cannot be read from "\\"open" on'],
    ["x".repeat(1025), "it has more than 1024 characters"],
  ] as const) {
    it(`says so: ${pattern.slice(0, 20)}: ${fault}`, () => {
      assert.throws(
        () => parseFilterPattern(pattern),
        new CloudError("InvalidParameterException", `Invalid filter pattern ${JSON.stringify(pattern)}: ${fault}`),
      );
    });
  }

  it("never fails otherwise", () => {
    const part = fc.constantFrom(
      "{",
      "}",
      "$.a",
      "$",
      "=",
      "!=",
      "&&",
      "||",
      "(",
      ")",
      "1",
      "%x%",
      '"',
      "*",
      " ",
      "IS NULL",
      "[",
      "]",
      "?",
      "-",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 15 }), fc.jsonValue(), (parts, event) => {
        try {
          matches(parts.join(""), JSON.stringify(event));
        } catch (error) {
          assert.ok(error instanceof CloudError, String(error));
        }
      }),
    );
  });
});
