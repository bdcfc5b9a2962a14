namespace LLMOS.Kernel.Messaging;

/// <summary>The names of the streams that VMP messages travel on.</summary>
public static class VmpStreams
{
    /// <summary>The name of the stream provider.</summary>
    public const string Provider = "vmp";

    /// <summary>The namespace of mailboxes: the stream's key is the PID, and the process is subscribed by being one.</summary>
    public const string MailboxNamespace = "vmp.mailbox";

    /// <summary>The namespace of topics, which anyone may subscribe to; a subscription survives restarts.</summary>
    public const string TopicNamespace = "vmp.topic";
}
