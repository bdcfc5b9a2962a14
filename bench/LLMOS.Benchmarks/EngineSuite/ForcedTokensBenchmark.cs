using System.Text.Json;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>
/// Output by a JSON schema, half of it names and punctuation that the schema leaves no choice about: with and without what the engine does about that. Chinese names are bytes of which each is the
/// only token that may come; names of capitals and digits can be spelled in other tokens as well, so they are guessed and verified.
/// </summary>
internal static class ForcedTokensBenchmark
{
    private const int Tokens = 200;

    /// <summary>Of either kind: four characters of three bytes each, or twelve letters.</summary>
    private const int NameTokens = 12;

    /// <summary>An entry's quotation marks, colon and comma.</summary>
    private const int Marks = 6;

    private static readonly string[] Chinese = ["城市名称", "天气状况", "最高温度", "最低温度", "降水概率", "风向风速", "空气质量"];

    private static readonly string[] Capitals = ["TEMP_2M_MAX_", "TEMP_2M_MIN_", "WIND_10M_MAX", "RAIN_SUM_24H", "SNOW_SUM_24H", "UV_INDEX_MAX", "CLOUD_BASE_M"];

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        using var model = LlamaModel.Load(ModelCache.Find(run));
        foreach (var (kind, names) in new[] { ("Chinese", Chinese), ("capital", Capitals) })
        {
            await AnswerComparison.MeasureAsync(
                run,
                model,
                $"{Tokens} tokens by a JSON schema with {kind} names, half of them forced",
                "sampling every token",
                options => options with { ForcedTokens = false, DraftTokens = 0 },
                [.. Enumerable.Range(0, run.Quick ? 1 : 2).Select(i => Request(model, names, i))],
                Goal.RatioAtLeast(1.6),
                cancellationToken);
        }
    }

    private static GenerationRequest Request(LlamaModel model, string[] names, int number) => new()
    {
        PromptTokens = model.Tokenize($"Station {number}: report the weather."),
        MaxTokens = Tokens,
        JsonSchema = Schema(names),
        Sampling = new SamplingParameters { Temperature = 0.7f, Seed = (ulong)number + 1, IgnoreEnd = true },
    };

    /// <summary>Each name has a value of as many digits, which are tokens, as the name and the marks around it have tokens.</summary>
    private static string Schema(string[] names) => JsonSerializer.Serialize(new
    {
        type = "object",
        properties = names.ToDictionary(name => name, _ => new { type = "string", pattern = $"^[0-9]{{{NameTokens + Marks}}}$" }),
        required = names,
        additionalProperties = false,
    });
}
