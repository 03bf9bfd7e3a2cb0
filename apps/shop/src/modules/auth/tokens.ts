import { errors, jwtVerify, SignJWT } from "jose";
import { ALGORITHM, type SigningKeys } from "./signing-keys.ts";

/** Who a token speaks for. */
export interface Claims {
  readonly userId: string;
  readonly sessionId: string;
}

/** Access tokens: JSON Web Tokens as RFC 9068 has them, which anybody can verify who has the public keys. */
export interface Tokens {
  sign(claims: Claims, expiresAt: Date): Promise<string>;
  /** Undefined for a token that is not ours, not whole or not valid any more. */
  verify(token: string): Promise<Claims | undefined>;
}

const NAME = "shop";
const TYPE = "at+jwt";

export function createTokens(keys: Pick<SigningKeys, "signer" | "publicKey">): Tokens {
  return {
    async sign({ userId, sessionId }, expiresAt) {
      const { kid, key } = await keys.signer();
      return new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: TYPE })
        .setIssuer(NAME)
        .setAudience(NAME)
        .setSubject(userId)
        .setJti(sessionId)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(key);
    },
    async verify(token) {
      try {
        const keyOf = async ({ kid }: { kid?: string }) => {
          const key = kid === undefined ? undefined : await keys.publicKey(kid);
          if (key === undefined) throw new errors.JWKSNoMatchingKey();
          return key;
        };
        const { payload } = await jwtVerify(token, keyOf, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          issuer: NAME,
          audience: NAME,
          requiredClaims: ["sub", "jti", "exp"],
        });
        return { userId: payload.sub ?? "", sessionId: payload.jti ?? "" };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
