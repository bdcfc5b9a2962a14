using LLMOS.Inference.Discovery;

namespace LLMOS.Shell;

/// <summary>What errors mean to the person who sees them.</summary>
internal static class Failure
{
    /// <summary>The sentence of an error that has one; null for one that should not happen.</summary>
    public static string? SentenceOf(Exception exception)
    {
        if (Find<UsageException>(exception) is { } usage)
        {
            return usage.Message;
        }

        if (Find<LlmosException>(exception) is { } known)
        {
            return known.Message;
        }

        if (Find<ModelResolutionException>(exception) is { } model)
        {
            return model.Message;
        }

        return exception switch
        {
            SiloUnavailableException or GatewayTooBusyException or OrleansMessageRejectionException =>
                "The silo does not answer any more: check that it runs, then do it again.",
            TimeoutException => "The system did not answer in time: it is overloaded or stuck; look at llmos ps, or do it again.",
            IOException full when IsDiskFull(full) => $"The disk is full ({full.Message.TrimEnd('.')}): make room, or name another folder with --data.",
            UnauthorizedAccessException denied => $"{denied.Message.TrimEnd('.')}: change its permissions, or name another folder with --data.",
            _ => null,
        };
    }

    /// <summary>Whether an error is what cancelling looks like from inside: parts that stop answer no more.</summary>
    public static bool IsConsequenceOfCancellation(Exception exception) =>
        Find<OperationCanceledException>(exception) is not null
        || exception is OrleansException or ObjectDisposedException or TimeoutException
        || Find<LlmosException>(exception) is { Code: LlmosErrorCode.Unavailable };

    /// <summary>The first error of a type in a chain of causes.</summary>
    public static T? Find<T>(Exception? exception)
        where T : Exception => exception switch
        {
            null => null,
            T found => found,
            AggregateException several => several.InnerExceptions.Select(Find<T>).FirstOrDefault(found => found is not null),
            _ => Find<T>(exception.InnerException),
        };

    private static bool IsDiskFull(IOException exception) =>
        (exception.HResult & 0xFFFF) is 28 or 112 || exception.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase);
}
