namespace LLMOS.Benchmarks.EngineSuite.Peers;

/// <summary>What chats can be run on.</summary>
internal interface IChatSubject : IAsyncDisposable
{
    /// <summary>What it is, with its settings.</summary>
    string Name { get; }

    /// <summary>Runs all chats to their end.</summary>
    /// <exception cref="BenchmarkException">It failed, or did not do the work.</exception>
    Task<ChatRun> RunAsync(ChatLoad load, CancellationToken cancellationToken);
}
