import { z } from "zod";

/** What a person chooses at sign-up. Length is what makes a password strong (NIST SP 800-63B): nothing is said about its characters. */
const newPassword = z.string("Choose a password.").min(10, "Use at least 10 characters.").max(200, "Use at most 200 characters.");

const address = z
  .string("Enter your e-mail address.")
  .trim()
  .max(254, "This address is too long.")
  .pipe(z.email("Enter an address like name@example.com."));

/** Who signs up. */
export const newAccount = z.object({ email: address, password: newPassword });

/** Who has forgotten their password. */
export const forgotForm = z.object({ email: address });

/** A token of ours as a mail carries it. */
const resetToken = z.string("The link is not whole.").regex(/^[\w-]{43}$/, "The link is not whole.");

/** Somebody with such a mail chooses another password. */
export const resetForm = z.object({ token: resetToken, password: newPassword });

/** What a person types at log-in: taken as it is, because only the comparison may refuse it. */
export const logInForm = z.object({
  email: z
    .string("Enter your e-mail address.")
    .min(1, "Enter your e-mail address.")
    .max(254, "This address is too long.")
    // PostgreSQL holds every character but this one.
    .regex(/^[^\0]*$/, "Enter an address like name@example.com."),
  password: z.string("Enter your password.").min(1, "Enter your password.").max(200, "Use at most 200 characters."),
});

/** What a program asks for the next token with. */
export const refreshRequest = z.strictObject({ refreshToken: z.string().min(1).max(200) });
