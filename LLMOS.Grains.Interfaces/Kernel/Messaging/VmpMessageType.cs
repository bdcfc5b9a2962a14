namespace LLMOS.Kernel.Messaging;

/// <summary>The kinds of message of the Vector Message Protocol.</summary>
[GenerateSerializer, Alias("llmos.vmp-type")]
public enum VmpMessageType
{
    Request,
    Response,
    Notification,
    Broadcast,
}
