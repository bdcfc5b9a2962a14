using System.Diagnostics;
using System.Text.Json.Nodes;
using LLMOS.Client.Chat;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.Ollama;

/// <summary>How an answer ended and what it took, in nanoseconds and tokens.</summary>
internal sealed class OllamaEnd
{
    private UsageDetails _usage = new();
    private ChatFinishReason? _finish;
    private long _first;

    public void Take(ChatResponseUpdate update)
    {
        _first = _first == 0 ? Stopwatch.GetTimestamp() : _first;
        _usage = update.Contents.OfType<UsageContent>().FirstOrDefault()?.Details ?? _usage;
        _finish = update.FinishReason ?? _finish;
    }

    /// <summary>Writes it into the last line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="total">From the request to now.</param>
    /// <param name="loaded">Of it, until the model was there.</param>
    public void WriteTo(JsonObject line, TimeSpan total, TimeSpan loaded)
    {
        line["done"] = true;
        line["done_reason"] = _finish == ChatFinishReason.Length ? "length" : "stop";
        line["total_duration"] = Nanoseconds(total);
        line["load_duration"] = Nanoseconds(loaded);
        line["prompt_eval_count"] = _usage.InputTokenCount ?? 0;
        line["prompt_eval_duration"] = Count(ProcessChatClient.TimeToFirstToken);
        line["eval_count"] = _usage.OutputTokenCount ?? 0;
        line["eval_duration"] = _first == 0 ? 0 : Nanoseconds(Stopwatch.GetElapsedTime(_first));
    }

    public static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    private long Count(string name) => _usage.AdditionalCounts?.TryGetValue(name, out var count) == true ? count : 0;
}
