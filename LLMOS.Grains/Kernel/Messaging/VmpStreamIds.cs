using System.Buffers.Text;
using System.Text;

namespace LLMOS.Kernel.Messaging;

/// <summary>
/// The stream ids of mailboxes and topics. A mailbox's key is its PID in decimal, which is how Orleans writes an
/// integer key and how it finds the process grain that a mailbox subscribes implicitly.
/// </summary>
public static class VmpStreamIds
{
    private static readonly byte[] MailboxNamespace = Encoding.UTF8.GetBytes(VmpStreams.MailboxNamespace);

    /// <summary>The mailbox of a process.</summary>
    /// <exception cref="LlmosException">The PID is negative.</exception>
    public static StreamId Mailbox(long pid) => pid >= 0
        ? StreamId.Create(VmpStreams.MailboxNamespace, pid)
        : throw LlmosException.InvalidArgument($"{pid} is not a PID: PIDs are 0 or higher; see the running ones with ps.");

    /// <summary>A topic.</summary>
    /// <exception cref="LlmosException">The name is empty.</exception>
    public static StreamId Topic(string name) => !string.IsNullOrWhiteSpace(name)
        ? StreamId.Create(VmpStreams.TopicNamespace, name)
        : throw LlmosException.InvalidArgument("A topic needs a name; the given one is empty.");

    /// <summary>The PID whose mailbox the stream is.</summary>
    public static bool TryGetPid(StreamId stream, out long pid)
    {
        ReadOnlySpan<byte> key = stream.Key.Span;
        if (stream.Namespace.Span.SequenceEqual(MailboxNamespace)
            && Utf8Parser.TryParse(key, out pid, out var used) && used == key.Length && pid >= 0)
            return true;
        pid = 0;
        return false;
    }
}
