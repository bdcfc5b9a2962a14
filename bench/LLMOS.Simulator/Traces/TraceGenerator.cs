namespace LLMOS.Simulator.Traces;

/// <summary>Makes a trace from a seed: Poisson arrivals, heavy-tailed lengths, process trees of geometric size. The same options give the same trace.</summary>
internal static class TraceGenerator
{
    private const int LevelsInClass = 4;

    public static Trace Generate(WorkloadOptions options)
    {
        var random = new Random(options.Seed);
        var requests = new TraceRequest[options.Requests];
        var (now, trees) = (0.0, 0);
        var (treePriority, tree) = (0, -1);
        for (var i = 0; i < requests.Length; i++)
        {
            now += -Math.Log(1 - random.NextDouble()) / options.Rate;
            if (tree < 0 || random.NextDouble() * options.TreeSize < 1)
            {
                tree = trees++;
                treePriority = Priority(options.Mix, random);
            }
            var prefix = options.Prefixes > 0 ? random.Next(options.Prefixes) : TraceRequest.NoPrefix;
            var prefixTokens = prefix == TraceRequest.NoPrefix ? 0 : options.PrefixTokens;
            var prompt = prefixTokens + Length(options.PromptTokens, options, random);
            requests[i] = new TraceRequest(now, treePriority, tree, prompt, prefix, prefixTokens, Length(options.OutputTokens, options, random));
        }
        return new Trace(requests, trees);
    }

    private static int Priority(IReadOnlyList<double> mix, Random random)
    {
        var draw = random.NextDouble() * mix.Sum();
        var chosen = 0;
        while (chosen < mix.Count - 1 && (draw -= mix[chosen]) >= 0)
            chosen++;
        return (chosen * LevelsInClass) + random.Next(LevelsInClass);
    }

    private static int Length(int median, WorkloadOptions options, Random random)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return (int)Math.Clamp(median * Math.Exp(options.Spread * normal), 1, options.MostTokens);
    }
}
