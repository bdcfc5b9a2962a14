using LLMOS.Kernel.Scheduling;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>What the process of a request may take.</summary>
/// <param name="Priority">How urgent it is.</param>
/// <param name="Account">The account that it spends from; empty for none.</param>
/// <param name="MaxTokens">Tokens that it may spend in all; 0 for no limit of its own.</param>
internal sealed record ChatTerms(ProcessPriority Priority, string Account, long MaxTokens);
