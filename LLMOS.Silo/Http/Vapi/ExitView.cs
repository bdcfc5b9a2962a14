namespace LLMOS.Silo.Http.Vapi;

/// <summary>Why a process ended.</summary>
internal sealed record ExitView(string Kind, int Code, string Text);
