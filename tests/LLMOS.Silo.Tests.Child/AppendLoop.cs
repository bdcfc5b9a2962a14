using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;

namespace LLMOS.Silo.Tests.Child;

/// <summary>Appends to a few mailboxes without end and names each message once it is acknowledged.</summary>
internal static class AppendLoop
{
    private const int Senders = 16;

    public static async Task<int> RunAsync(string folder)
    {
        using var store = SqliteStore.Open(folder);
        var log = VmpLog.In(store);
        // Console.Out is synchronised, so that a line is whole or, when the process dies, the last.
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => SendAsync(log, sender)));
        return 0;
    }

    private static async Task SendAsync(VmpLog log, long sender)
    {
        for (var i = 0; ; i++)
        {
            var message = new VmpMessage
            {
                MessageId = Guid.NewGuid(),
                From = sender,
                To = 100 + i % 3,
                Payload = i.ToString(CultureInfo.InvariantCulture),
                Vector = [.. Enumerable.Range(0, 768).Select(d => d + i * 0.5f)],
            };
            await log.AppendAsync(VmpStreamIds.Mailbox(message.To), message);
            Console.Out.WriteLine(message.MessageId);
            // The same message again, as a sender does that was not sure of the first.
            await log.AppendAsync(VmpStreamIds.Mailbox(message.To), message);
        }
    }
}
