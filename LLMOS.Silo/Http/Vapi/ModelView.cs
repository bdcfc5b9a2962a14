namespace LLMOS.Silo.Http.Vapi;

/// <summary>A model by its name, and what it is.</summary>
internal sealed record ModelView(string Name, string Description);
