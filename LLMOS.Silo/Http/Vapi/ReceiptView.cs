namespace LLMOS.Silo.Http.Vapi;

/// <summary>A message that was sent to many, and to how many.</summary>
internal sealed record ReceiptView(MessageView Message, int Recipients);
