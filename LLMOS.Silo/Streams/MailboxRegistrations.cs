using LLMOS.Kernel.Messaging;
using Orleans.Storage;
using Orleans.Streams;

namespace LLMOS.Silo.Streams;

/// <summary>
/// The storage of what Orleans knows of a stream: who publishes and who subscribed. Of a mailbox nothing is stored. Its reader is its process, which is subscribed implicitly, and its publishers are the pulling agents, which
/// register when they read a message for it; written, that would be a commit more before the first message of each process, and a row for each.
/// </summary>
/// <param name="storage">Where the rest is stored: topics, and a mailbox that somebody subscribed to.</param>
internal sealed class MailboxRegistrations(IGrainStorage storage) : IGrainStorage
{
    // How the grain that Orleans keeps for each stream is named.
    private const string Mailboxes = $"{VmpStreams.Provider}/{VmpStreams.MailboxNamespace}/";

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => storage.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        IsUnwritten(grainId, grainState) && !HasSubscribers(grainState.State) ? Task.CompletedTask : storage.WriteStateAsync(stateName, grainId, grainState);

    // What was never written is cleared by having the caller's state made anew, without a commit.
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        IsUnwritten(grainId, grainState) ? storage.ReadStateAsync(stateName, grainId, grainState) : storage.ClearStateAsync(stateName, grainId, grainState);

    private static bool IsUnwritten<T>(GrainId grainId, IGrainState<T> grainState) =>
        !grainState.RecordExists && grainId.Key.ToString() is { } key && key.StartsWith(Mailboxes, StringComparison.Ordinal);

    /// <summary>Orleans' type is internal to it; a release that names it otherwise has everything written.</summary>
    private static bool HasSubscribers<T>(T state) =>
        typeof(T).GetProperty("Consumers")?.GetValue(state) is not IReadOnlyCollection<PubSubSubscriptionState> { Count: 0 };
}
