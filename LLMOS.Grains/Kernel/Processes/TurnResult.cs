namespace LLMOS.Kernel.Processes;

/// <summary>What came of a turn that is to be committed.</summary>
/// <param name="Outcome">What it does.</param>
/// <param name="Failure">How it failed; null when it did not.</param>
internal sealed record TurnResult(TurnOutcome Outcome, TurnFailure? Failure);
