import type { QueryService } from "../../api/query-protocol.ts";

/** Security Token Service: who am I. A valid signature is all it asks for. */
export const stsApi: QueryService = {
  namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  operations: {
    GetCallerIdentity: {
      run: ({ cloud, caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: cloud.account }),
    },
  },
};
