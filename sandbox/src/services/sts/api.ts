import type { QueryService } from "../../api/query-protocol.ts";
import { assumeRole, demandAssumeRole } from "./assume-role.ts";

/** Security Token Service: who am I, for which a valid signature is enough, and becoming a role. */
export const stsApi: QueryService = {
  namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
  operations: {
    AssumeRole: { demands: demandAssumeRole, run: assumeRole },
    GetCallerIdentity: {
      run: ({ cloud, caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: cloud.account }),
    },
  },
};
