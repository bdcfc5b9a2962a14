namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>One run of a workload.</summary>
/// <param name="TokensPerSecond">Generated tokens by the time from the request to the last token, prompts included.</param>
/// <param name="CpuMilliseconds">Processor time of the whole process by generated token: what a busy machine does not change much.</param>
/// <param name="Steps">Decodes it took; 0 where the subject does not tell.</param>
internal readonly record struct GenerationSample(double TokensPerSecond, double CpuMilliseconds, long Steps);
