namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>One run of a few answers.</summary>
/// <param name="TokensPerSecond">Generated tokens a second after each answer's first.</param>
/// <param name="CpuMilliseconds">Processor time a generated token after each answer's first.</param>
/// <param name="Steps">Decodes, those of the prompts included.</param>
/// <param name="Forced">Tokens that were forced.</param>
/// <param name="Drafted">Tokens that were computed as a guess.</param>
/// <param name="Accepted">Those of them that were right.</param>
internal sealed record AnswerSample(double TokensPerSecond, double CpuMilliseconds, long Steps, int Forced, int Drafted, int Accepted);
