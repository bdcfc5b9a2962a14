namespace LLMOS.Silo.Http.Vapi;

/// <summary>What a look through the audit log found.</summary>
/// <param name="Intact">Whether it is as it was written.</param>
/// <param name="Records">Records that were found good.</param>
/// <param name="Head">The hash of the last of them, in hexadecimal.</param>
/// <param name="BrokenAt">The first record that is not; null when there is none.</param>
/// <param name="Problem">What is wrong with it.</param>
internal sealed record VerificationView(bool Intact, long Records, string Head, long? BrokenAt, string Problem);
