import { type Cases, type Fixture, UNKNOWN } from "./cases.ts";

const ACCOUNT = "arn:aws:iam::123456789012:root";
const NOBODY = "no policy lets nobody in";
const WHATEVER = "whatever it allows, it does not allow everyone";

/**
 * The cases of a rule by which no statement in the `policy` of a resource lets everyone in.
 * @param holders what holds a policy, by its type, such as "a queue"
 * @param may ends the sentence "STATEMENT lets everyone ..."
 * @param Action what the statements allow
 */
export function closedPolicyCases(holders: Readonly<Record<string, string>>, may: string, Action: string): Cases {
  const open = { Effect: "Allow", Principal: "*", Action, Resource: "*" };
  const holding = (type: string, statement: object): Fixture => [type, { policy: { Statement: [statement] } }];
  const asText = (type: string, statement: object): Fixture => [type, { policy: JSON.stringify({ Statement: [statement] }) }];
  const all = Object.entries(holders);
  const [first = "", noun = ""] = all[0] ?? [];
  const says = `policy.Statement[0] lets everyone ${may}; it must name who may, or bind them by a condition.`;
  return {
    passes: {
      ...Object.fromEntries(
        all.map(([type, who]) => [`${who} for one account`, { given: asText(type, { ...open, Principal: { AWS: ACCOUNT } }) }]),
      ),
      [`${noun} for one account, with a document of which some is not known`]: {
        given: holding(first, { ...open, Principal: { AWS: ACCOUNT }, Resource: UNKNOWN }),
      },
      [`${noun} for everyone of an organisation`]: {
        given: holding(first, { ...open, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
      },
      [`${noun} that shuts everyone out`]: {
        given: holding(first, { ...open, Effect: "Deny" }),
        cannotBreak: "what it denies, it does not allow",
      },
    },
    fails: {
      ...Object.fromEntries(all.map(([type, who]) => [`${who} for everyone`, { given: asText(type, open), says }])),
      [`${noun} for every account`]: { given: holding(first, { ...open, Principal: { AWS: ["*"] } }), says },
      [`${noun} under a condition that binds nobody`]: {
        given: holding(first, { ...open, Condition: { Bool: { "aws:SecureTransport": "true" } } }),
        says,
      },
    },
    unknown: {
      [`${noun} with a policy that names what is not made yet`]: { given: [first, { policy: UNKNOWN }], open: "policy" },
      [`${noun} for someone who is not known`]: {
        given: holding(first, { ...open, Principal: { AWS: UNKNOWN } }),
        open: "policy.Statement[0].Principal.AWS",
      },
    },
    survives: {
      "policy: left out": NOBODY,
      "policy: empty": NOBODY,
      "policy.Statement*: left out": "less is allowed",
      "policy.Statement*: empty": "less is allowed",
      "policy.Statement[0].Effect: another text": "less is allowed",
      "policy.Statement[0].Action*": WHATEVER,
      "policy.Statement[0].Resource*": WHATEVER,
      "policy.Statement[0].Principal*: another text": "someone else is not everyone",
      "policy.Statement[0].Condition*: another text": "another organisation is not everyone",
    },
  };
}
