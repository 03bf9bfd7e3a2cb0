import { errors, jwtVerify, SignJWT } from "jose";

/** Who a token speaks for. */
export interface Claims {
  readonly userId: string;
  readonly sessionId: string;
}

/** Signed tokens (JWT, HS256): one key, known to this product only. */
export interface Tokens {
  sign(claims: Claims, expiresAt: Date): Promise<string>;
  /** Undefined for a token that is not ours, not whole or not valid any more. */
  verify(token: string): Promise<Claims | undefined>;
}

const NAME = "shop";
const ALGORITHM = "HS256";

/** `key` is asked for when the first token comes: the secret it is made from may arrive after the start. */
export function createTokens(key: () => Uint8Array): Tokens {
  return {
    sign: ({ userId, sessionId }, expiresAt) =>
      new SignJWT()
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(NAME)
        .setAudience(NAME)
        .setSubject(userId)
        .setJti(sessionId)
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(key()),
    async verify(token) {
      try {
        const required = ["sub", "jti", "exp"];
        const { payload } = await jwtVerify(token, key(), {
          algorithms: [ALGORITHM],
          issuer: NAME,
          audience: NAME,
          requiredClaims: required,
        });
        return { userId: payload.sub ?? "", sessionId: payload.jti ?? "" };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
